import { homeFolder } from './files/homeFolder';
import type { PythonFolder } from './folder';
import { absolutePath, isInside, realPathOf } from './paths';

/**
 * What a call may do, the least first:
 * - `read`: it looks at files, asks an index, and starts nothing that the call or the folder names, but for a plan the
 *   Python of the environment, with what is installed there;
 * - `run`: it runs code that the call names;
 * - `build`: it changes nothing, but may build what it names, which runs its code;
 * - `change`: it adds to environments, or changes which one is used;
 * - `delete`: it deletes or removes what a person may want to keep.
 */
export type Risk = 'read' | 'run' | 'build' | 'change' | 'delete';

/** A call as far as its risk is concerned, its input checked. */
export interface RiskyCall {
  /** "run", "venv" or "pip". */
  readonly tool: string;
  readonly input: {
    readonly action?: string | undefined;
    readonly path?: string | undefined;
    readonly python?: string | undefined;
    readonly packages?: readonly string[] | undefined;
    readonly requirements?: string | undefined;
    readonly editable?: string | undefined;
    readonly dry_run?: boolean | undefined;
    readonly folder?: string | undefined;
  };
}

/** What has to be looked up. What is not known counts as the worst. */
export interface RiskFacts {
  /** Whether a plan names packages of an index and nothing else, and is made by a Python from outside of the folder. */
  readonly namesOnly?: boolean;
  /** Whether a selection neither is nor replaces an environment outside of the folder. */
  readonly staysInside?: boolean;
}

/** Whether an interpreter is looked for among those of the machine. What else is named may be any program, and is started. */
const isVersion = (python: string): boolean =>
  /^(?:(?:c?python|py)[ -]?)?v?\d+(?:\.\d+){0,2}$|^python$/i.test(python.trim());

/** @returns what a call may do. An allow-list: a tool, an action or a source that is not known here is the worst there is. */
export function riskOf({ tool, input }: RiskyCall, facts: RiskFacts = {}): Risk {
  switch (tool) {
    case 'run':
      return 'run';
    case 'venv':
      switch (input.action) {
        case 'list':
        case 'info':
          return 'read';
        case 'create':
          return input.python === undefined || isVersion(input.python) ? 'change' : 'run';
        case 'select':
          return facts.staysInside === true ? 'change' : 'delete';
        case undefined:
        default:
          return 'delete';
      }
    case 'pip':
      switch (input.action) {
        case 'list':
        case 'freeze':
        case 'show':
          return 'read';
        case 'install':
          if (input.dry_run !== true) return 'change';
          return facts.namesOnly === true ? 'read' : 'build';
        case undefined:
        default:
          return 'delete';
      }
    default:
      return 'delete';
  }
}

/** @returns what a call may do in a folder. Starts and changes nothing, and never throws: what cannot be judged is the worst. */
export async function riskIn(folder: PythonFolder, call: RiskyCall): Promise<Risk> {
  return riskOf(call, await factsOf(folder, call).catch(() => ({})));
}

async function factsOf(folder: PythonFolder, { tool, input }: RiskyCall): Promise<RiskFacts> {
  if (tool === 'pip' && input.action === 'install' && input.dry_run === true) {
    const { packages = [], requirements, editable } = input;
    const { foreign } = await folder.checkInstall({ packages, requirements, editable });
    return { namesOnly: foreign.length === 0 && (await plansWithKnownPython(folder)) };
  }
  if (tool === 'venv' && input.action === 'select') {
    const selected = await folder.venvs.selected();
    const wanted = absolutePath(folder.root, input.path ?? '.venv', homeFolder());
    const real = await realPathOf(folder.root);
    const inside = async (path: string): Promise<boolean> => isInside(real, await realPathOf(path));
    return { staysInside: (await inside(wanted)) && (selected === undefined || (await inside(selected))) };
  }
  return {};
}

/** A plan starts the environment's Python, which is a link to its base, unless somebody put another program there. */
async function plansWithKnownPython(folder: PythonFolder): Promise<boolean> {
  const { environment } = await folder.venvs.active();
  // On Windows it is always a file of its own.
  if (!environment || process.platform === 'win32') return true;
  return !isInside(await realPathOf(folder.root), await realPathOf(environment.python));
}
