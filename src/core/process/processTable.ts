/** A process as the system lists it. */
export interface ListedProcess {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** Whether it inherited the run's marker. */
  readonly marked: boolean;
}

/**
 * @returns the pids of all that belongs to a run: whoever is in the session or group that its root leads, whoever
 * carries its marker in the environment, and the descendants of all of these.
 */
export function membersOf(rootPid: number, listed: readonly ListedProcess[]): Set<number> {
  const members = new Set<number>();
  const children = new Map<number, number[]>();
  const visit = (pid: number): void => {
    if (members.has(pid)) return;
    members.add(pid);
    for (const child of children.get(pid) ?? []) visit(child);
  };
  for (const { pid, parent } of listed) children.set(parent, [...(children.get(parent) ?? []), pid]);
  for (const { pid, group, session, marked } of listed) {
    if (marked || group === rootPid || session === rootPid) visit(pid);
  }
  return members;
}
