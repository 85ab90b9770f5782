/** The environment of who runs the benchmarks, from before `cleanMachine`: its indexes and proxies are for installing. */
export const ownEnvironment: Readonly<Record<string, string | undefined>> = { ...process.env };
