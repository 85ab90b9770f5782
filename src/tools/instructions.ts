/** Which tool to use for what, in the order of the tools. */
const uses = [
  ['Run a file, a snippet or a module (`pytest`, …)', 'python.run', '`python …` in a shell, files made for a snippet'],
  ['Create, select, inspect or delete a venv', 'python.venv', '`python -m venv`, `source …/activate`, `rm -r`'],
  ['Install, uninstall, list, freeze or show packages', 'python.pip', '`pip …`, `uv pip …`'],
] as const;

/**
 * What a client tells its model about the tools: when to use them instead of a shell.
 * @param names how the client names them.
 */
export function instructions(names: 'dotted' | 'underscore'): string {
  const named = (name: string): string => `\`${names === 'dotted' ? name : name.replaceAll('.', '_')}\``;
  return [
    'For Python work (run, test, venv, pip, uv), prefer these tools over a shell: they use the right interpreter, need no quoting, end what hangs and never touch the system Python.',
    '',
    '| to | use | instead of |',
    '| --- | --- | --- |',
    ...uses.map(([purpose, tool, shell]) => `| ${purpose} | ${named(tool)} | ${shell} |`),
    '',
    'When a run fails, the `hint` of its result names the next step. Do not install a package whose name is a guess.',
  ].join('\n');
}

/** @returns the instructions as the file that VS Code adds to chats (contributes.chatInstructions). */
export function chatInstructionsFile(): string {
  return [
    '---',
    'name: Python Tools',
    'description: Which tool to use for Python work instead of a shell.',
    "applyTo: '**'",
    '---',
    '',
    instructions('underscore'),
    '',
    "The Python extension's own tools, where they are offered, are for conda environments and notebooks: `configure_python_environment` is not needed before these.",
    '',
  ].join('\n');
}
