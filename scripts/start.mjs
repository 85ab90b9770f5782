// `npm start`: sets everything up, builds, and shows the tools at work on the sample project.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installDependencies } from './dependencies.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

installDependencies(root);
console.log('Building …');
if (spawnSync(process.execPath, ['esbuild.mjs'], { cwd: root, stdio: 'inherit' }).status !== 0) process.exit(1);
const { demonstrate } = await import('./demonstration.mjs');
process.exitCode = await demonstrate(root);
