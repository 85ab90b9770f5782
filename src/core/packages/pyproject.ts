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
      ...Object.keys(groups)
        .slice(0, mostGroups)
        .map((name) => ({
          kind: 'group' as const,
          name,
          requirements: requirementsIn(groupMembers(groups, name)),
        })),
    ].filter(({ requirements }) => requirements.length > 0),
  };
}

/** Groups read, at most. */
const mostGroups = 200;

/** Members looked at for one group, at most: groups that include each other could be as many as their lines squared. */
const mostMembers = 1000;

/** @returns the strings of a dependency group and of those that it includes, each group once, in the order of reading. */
function groupMembers(groups: Table, name: string): unknown[] {
  const found: unknown[] = [];
  const seen = new Set([name]);
  // A stack rather than recursion: a file can have more groups than the call stack has room.
  const pending = membersOf(groups, name);
  for (let looked = 0; pending.length > 0 && looked < mostMembers; looked++) {
    const member = pending.pop();
    const included = isTable(member) ? member['include-group'] : undefined;
    if (typeof included !== 'string') found.push(member);
    else if (!seen.has(included)) pending.push(...membersOf(groups, included));
    if (typeof included === 'string') seen.add(included);
  }
  return found;
}

/** In reverse, as a stack takes them. */
function membersOf(groups: Table, name: string): unknown[] {
  const members: unknown = groups[name];
  return Array.isArray(members) ? members.slice(0, mostMembers).reverse() : [];
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
