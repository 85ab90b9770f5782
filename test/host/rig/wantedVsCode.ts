import { engines } from '../../../package.json';

/**
 * @returns the version of desktop VS Code to test in, as @vscode/test-electron takes it: PYTHON_TOOLS_TEST_VSCODE names
 * one, or says `oldest` (the first that the extension is for) or `newest`, which is the default.
 */
export function wantedVsCode(env: NodeJS.ProcessEnv = process.env): string {
  const wanted = env['PYTHON_TOOLS_TEST_VSCODE'] ?? '';
  if (wanted === '' || wanted === 'newest') return 'stable';
  return wanted === 'oldest' ? engines.vscode.replace(/^\^/, '') : wanted;
}
