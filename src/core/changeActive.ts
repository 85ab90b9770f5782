import type { EnvironmentWrites, WaitControl } from './environmentWrites';
import { errors } from './errors';
import type { EnvironmentInUse } from './folder';
import { isSamePlace } from './pathIdentity';
import { relativeInside } from './paths';
import type { VenvManager } from './venv/venvManager';

/** What of a folder is needed to change its active venv. */
export interface ActiveVenvParts {
  /** Absolute. */
  readonly root: string;
  readonly venvs: VenvManager;
  readonly writes: EnvironmentWrites;
}

/** How often another venv may become the active one while a call waits for its turn. */
const mostTurns = 5;

/**
 * Lets a call work on the active venv, which it makes first where there is none. Which one that is is looked up once it
 * is this call's turn, since others make and delete environments meanwhile.
 * @throws ToolError venv_broken; venv_not_found where none is there and none may be made; what a create, waiting and `work` throw.
 */
export async function changeActive<T>(
  { root, venvs, writes }: ActiveVenvParts,
  control: WaitControl,
  autoCreate: boolean,
  work: (inUse: EnvironmentInUse) => Promise<T>,
): Promise<T> {
  for (let turn = 1; turn <= mostTurns; turn++) {
    const path = await venvs.placeToChange();
    const done = await writes.run(path, relativeInside(root, path), control, async () => {
      if (!isSamePlace(await venvs.placeToChange(), path)) return undefined;
      return { result: await work(await environmentToChange(venvs, control, autoCreate)) };
    });
    if (done) return done.result;
  }
  throw errors.refused('Other calls change which environment is active all the time.', 'Call again.');
}

async function environmentToChange(
  venvs: VenvManager,
  control: WaitControl,
  autoCreate: boolean,
): Promise<EnvironmentInUse> {
  const active = await venvs.active();
  if (active.environment) return { environment: active.environment, venv: active.relative, notes: active.notes };
  if (active.broken) throw errors.venvBroken(active.broken.path, active.broken.reason);
  if (!autoCreate) throw errors.noActiveVenv();
  const { signal, onProgress } = control;
  const made = await venvs.create({ signal, onProgress });
  const { environment, relative: venv, notes } = await venvs.active();
  if (!environment) throw errors.noActiveVenv();
  const created = `created ${venv} with Python ${environment.version}, since there was no venv`;
  return { environment, venv, notes: [created, ...(made.notes ?? []), ...notes] };
}
