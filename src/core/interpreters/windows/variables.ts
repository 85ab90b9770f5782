type Variables = Readonly<Record<string, string | undefined>>;

/** @returns a text with the variables that stand in it as Windows writes them, %NAME% in any case; unknown ones stay. */
export const expandVariables = (text: string, env: Variables): string =>
  text.replace(/%([^%]+)%/g, (written, name: string) => variableOf(env, name) ?? written);

function variableOf(env: Variables, name: string): string | undefined {
  const wanted = name.toUpperCase();
  return env[name] ?? Object.entries(env).find(([key]) => key.toUpperCase() === wanted)?.[1];
}
