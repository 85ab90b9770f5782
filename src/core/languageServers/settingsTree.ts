/** Settings as language servers read them: objects in objects. */
export type SettingsTree = Readonly<Record<string, unknown>>;

export const isTree = (value: unknown): value is SettingsTree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @returns settings with names such as "python.analysis.diagnosticMode" as the objects in objects that they stand for. */
export function expandNames(settings: SettingsTree): SettingsTree {
  return mergeTrees(
    ...Object.entries(settings).map(([name, value]) =>
      name
        .split('.')
        .reduceRight<unknown>((inner, part) => ({ [part]: inner }), isTree(value) ? expandNames(value) : value),
    ),
  );
}

/** @returns all of the settings; where two set the same, the later one's counts. What is no tree is left out. */
export function mergeTrees(...trees: readonly unknown[]): SettingsTree {
  const merged: Record<string, unknown> = {};
  for (const [name, value] of trees.filter(isTree).flatMap((tree) => Object.entries(tree))) {
    if (name === '__proto__') continue;
    merged[name] = isTree(value) ? mergeTrees(merged[name], value) : value;
  }
  return merged;
}

/** @returns what is set in a section, such as "python.analysis"; null, as the protocol says it, for nothing. */
export function sectionOf(tree: SettingsTree, section: string): unknown {
  const found = section
    .split('.')
    .reduce<unknown>((inner, name) => (isTree(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined), tree);
  return found ?? null;
}
