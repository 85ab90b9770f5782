/** What a client tells its model about the server: when to use these tools instead of a shell. */
export const instructions = [
  'Python tools: run scripts, code and modules, manage virtual environments (venv), install packages (pip, uv).',
  'Prefer them over a shell for Python work: they use the right interpreter, need no quoting, end hung processes and return structured results.',
  '- Run a file, a snippet or `-m module`: python.run.',
  '- Create, select, inspect or delete a venv: python.venv.',
  '- Install, uninstall, list, freeze or show packages: python.pip (never touches the system Python).',
  'A ModuleNotFoundError means: install the package with python.pip, then run again.',
].join('\n');
