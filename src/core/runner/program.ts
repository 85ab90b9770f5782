/** What to run: a file (absolute path), inline code, or a module by its dotted name. */
export type Program =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'module'; readonly name: string };

/** Runs inline code, which the interpreter's `site` has found in the run's folder. */
export const bootCommand = '__import__("_python_tools_inline").main()';

/** @returns the interpreter's arguments for a program; inline code is read from the run's folder, whatever its length. */
export function commandLine(program: Program): string[] {
  switch (program.kind) {
    case 'file':
      return [program.path];
    case 'module':
      return ['-m', program.name];
    case 'code':
      return ['-c', bootCommand];
  }
}
