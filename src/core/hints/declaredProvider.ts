import { dirname } from 'node:path';
import type { Environment } from '../environment';
import { declaredRequirements, type DeclaredList } from '../packages/declaredRequirements';
import { evaluateMarker, markerEnvironment } from '../packages/markers';
import { normalizeName } from '../packages/normalizedName';
import { knownProviders } from './knownDistributions';
import { installCall, shownCall } from './shownCall';
import { partsOf, type WantedModule } from './wantedModule';

/** Requirements that a call lists, at most. */
const mostPackages = 20;

/** @returns how to install the requirements of the folder that provide a module; undefined where none is known to. */
export async function declaredProviderHint(
  root: string,
  environment: Environment,
  wanted: WantedModule,
): Promise<string | undefined> {
  const providers = plausibleProviders(wanted);
  const markers = markerEnvironment(environment);
  for (const list of (await declaredRequirements(root)).lists) {
    const found = list.requirements.find(
      ({ name, marker, outside }) => !outside && providers.has(name) && (!marker || evaluateMarker(marker, markers)),
    );
    if (found) return `${placeOf(list)} lists "${found.text}": ${installing(list, found.text)}.`;
  }
  return undefined;
}

/** What somebody declared is not guessed, so that names need only resemble. */
function plausibleProviders(wanted: WantedModule): ReadonlySet<string> {
  const name = normalizeName(wanted.name);
  const resembling = [name, `python-${name}`, `${name}-python`, `py-${name}`, `py${name}`];
  const known = knownProviders(wanted.imported, partsOf(wanted)).map(normalizeName);
  return new Set(partsOf(wanted) > 1 ? [name, ...known] : [...resembling, ...known]);
}

function placeOf({ file, kind, name }: DeclaredList): string {
  if (kind === 'extra') return `${file} (extra ${name})`;
  return kind === 'group' ? `${file} (dependency group ${name})` : file;
}

function installing({ file, kind, name, installable, requirements }: DeclaredList, found: string): string {
  if (kind === 'file') return shownCall('pip', { action: 'install', requirements: file });
  if (installable && kind !== 'group') {
    const extra = kind === 'extra' ? `[${name}]` : '';
    return shownCall('pip', { action: 'install', editable: `${dirname(file)}${extra}` });
  }
  return installCall(
    requirements.length > mostPackages
      ? [found]
      : requirements.filter(({ outside }) => !outside).map(({ text }) => text),
  );
}
