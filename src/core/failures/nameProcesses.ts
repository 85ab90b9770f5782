/** @returns processes as a message names them: "python.exe (4242), ruff.exe (17)". */
export const nameProcesses = (users: readonly { readonly pid: number; readonly name: string }[]): string =>
  users.map(({ pid, name }) => `${name} (${pid})`).join(', ');
