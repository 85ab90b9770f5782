import { resolve } from 'node:path';
import type { Environment } from '../environment';
import { takingTurns } from '../eventLoop';
import { directReference } from './directUrl';
import { gitSource } from './gitSource';
import type { Distribution, InstalledMetadata } from './installedMetadata';
import { byText, standardLibrary } from './list';
import { normalizeName } from './normalizedName';
import type { PipRules } from './pipRules';

/** An installation as requirements. */
export interface Frozen {
  /** The lines that `pip freeze` prints, comments among them, joined by line feeds, without one at the end. */
  readonly requirements: string;
  /** How many of the lines are requirements. */
  readonly count: number;
}

const pinned = ({ name, version, versionIsValid }: Distribution): string =>
  `${name}${versionIsValid ? '==' : '==='}${version}`;

/** @returns the lines for a project installed in editable mode: from its repository where that has a remote. */
async function editableLines(distribution: Distribution, projectLocation: string): Promise<string[]> {
  const folder = resolve(projectLocation);
  // pip puts Windows paths into lower case here, by os.path.normcase.
  const location = process.platform === 'win32' ? folder.toLowerCase() : folder;
  const local = `-e ${location}`;
  const display = pinned(distribution);
  const source = await gitSource(folder);
  switch (source.kind) {
    case 'none':
      return [`# Editable install with no version control (${display})`, local];
    case 'no-remote':
      return [`# Editable Git install with no remote (${display})`, local];
    case 'invalid-remote':
      return [
        `# Editable Git install (${display}) with either a deleted local remote or invalid URI:`,
        `# '${source.url}'`,
        local,
      ];
    case 'unknown':
      return ['## !! Could not determine repository location', local];
    case 'known': {
      const subdirectory = source.subdirectory === undefined ? '' : `&subdirectory=${source.subdirectory}`;
      const egg = distribution.name.replaceAll('-', '_');
      return [`-e git+${source.url}@${source.commit}#egg=${egg}${subdirectory}`];
    }
  }
}

async function requirementLines(distribution: Distribution, rules: PipRules): Promise<string[]> {
  const { name, directUrl, editableProjectLocation } = distribution;
  if (editableProjectLocation !== undefined) return await editableLines(distribution, editableProjectLocation);
  return [directUrl ? directReference(name, directUrl, rules) : pinned(distribution)];
}

/** @returns what `pip freeze` prints in the environment, line for line, by the rules of its own pip, else of the newest. */
export async function freeze(metadata: InstalledMetadata, environment: Environment): Promise<Frozen> {
  const { distributions, rules } = await metadata.readInstallation(environment);
  const frozen: Distribution[] = [];
  const turn = takingTurns();
  for (const distribution of distributions) {
    const normalized = normalizeName(distribution.name);
    if (!standardLibrary.has(normalized) && !rules.frozenWithout.has(normalized)) frozen.push(distribution);
    const due = turn();
    if (due) await due;
  }
  frozen.sort((a, b) => byText(a.name.toLowerCase(), b.name.toLowerCase()));
  const lines = await Promise.all(frozen.map((distribution) => requirementLines(distribution, rules)));
  return { requirements: lines.flat().join('\n'), count: frozen.length };
}
