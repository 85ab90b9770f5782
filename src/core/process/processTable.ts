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
 * carries its marker in the environment, and the descendants of all of these. Whoever is `known` to be one stays one: a
 * process that was killed loses its environment before it is gone.
 */
export function membersOf(
  rootPid: number,
  listed: readonly ListedProcess[],
  known: ReadonlySet<number> = new Set(),
): Set<number> {
  const members = new Set<number>();
  const children = new Map<number, number[]>();
  // A stack rather than recursion: a chain of processes can be longer than the call stack.
  const visit = (first: number): void => {
    const pending = [first];
    for (let pid = pending.pop(); pid !== undefined; pid = pending.pop()) {
      if (members.has(pid)) continue;
      members.add(pid);
      for (const child of children.get(pid) ?? []) pending.push(child);
    }
  };
  for (const { pid, parent } of listed) {
    const siblings = children.get(parent);
    if (siblings) siblings.push(pid);
    else children.set(parent, [pid]);
  }
  for (const { pid, group, session, marked } of listed) {
    if (marked || group === rootPid || session === rootPid || known.has(pid)) visit(pid);
  }
  return members;
}
