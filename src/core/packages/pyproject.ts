import { readText } from '../files/readFiles';
import { type ListedRequirement, listedRequirement, RequirementError } from './requirement';

/** One of the lists of requirements that a pyproject.toml has. */
export interface ProjectList {
  /** The project's own dependencies, one of its extras (PEP 621), or a dependency group (PEP 735). */
  readonly kind: 'project' | 'extra' | 'group';
  /** Of the extra or group; '' for the project. */
  readonly name: string;
  readonly requirements: readonly ListedRequirement[];
}

/** What a pyproject.toml says of a project. */
export interface Pyproject {
  /** Whether it names a build backend (PEP 517), so that installers can install it. */
  readonly installable: boolean;
  /** Whether it describes a project at all (PEP 621), rather than only configuring tools. */
  readonly isProject: boolean;
  readonly lists: readonly ProjectList[];
}

/** @returns what the file says; undefined where it cannot be read or is no TOML. Never throws. */
export async function readPyproject(path: string): Promise<Pyproject | undefined> {
  const text = await readText(path);
  if (text === undefined) return undefined;
  // Loaded here, so that starting up does not wait for a parser.
  const { parseToml } = await import('../files/toml');
  try {
    return pyprojectOf(parseToml(text));
  } catch {
    return undefined;
  }
}

function pyprojectOf(document: Table): Pyproject {
  const project = tableAt(document, 'project');
  const poetry = tableAt(tableAt(document, 'tool'), 'poetry');
  const groups = tableAt(document, 'dependency-groups');
  return {
    installable: isTable(document['build-system']),
    isProject: isTable(document['project']),
    lists: [
      {
        kind: 'project' as const,
        name: '',
        requirements: [
          ...requirementsIn(project['dependencies']),
          // Poetry's own constraints are not PEP 508's: only the names count.
          ...requirementsIn(Object.keys(tableAt(poetry, 'dependencies')).filter((name) => name !== 'python')),
        ],
      },
      ...Object.entries(tableAt(project, 'optional-dependencies')).map(([name, list]) => ({
        kind: 'extra' as const,
        name,
        requirements: requirementsIn(list),
      })),
      ...Object.keys(groups).map((name) => ({
        kind: 'group' as const,
        name,
        requirements: requirementsIn(groupMembers(groups, name)),
      })),
    ].filter(({ requirements }) => requirements.length > 0),
  };
}

/** @returns the strings of a dependency group and of those that it includes. */
function groupMembers(groups: Table, name: string, seen: ReadonlySet<string> = new Set()): unknown[] {
  const members = groups[name];
  if (seen.has(name) || !Array.isArray(members)) return [];
  return members.flatMap((member: unknown) => {
    const included = isTable(member) ? member['include-group'] : undefined;
    return typeof included === 'string' ? groupMembers(groups, included, new Set([...seen, name])) : [member];
  });
}

function requirementsIn(list: unknown): ListedRequirement[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((text: unknown) => {
    if (typeof text !== 'string') return [];
    try {
      return [listedRequirement(text)];
    } catch (error) {
      if (error instanceof RequirementError) return []; // For the installer to complain of.
      throw error;
    }
  });
}

type Table = Readonly<Record<string, unknown>>;

const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function tableAt(table: Table, name: string): Table {
  const value = table[name];
  return isTable(value) ? value : {};
}
