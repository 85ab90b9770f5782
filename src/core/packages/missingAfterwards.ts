import { pathToFileURL } from 'node:url';
import type { Environment } from '../environment';
import { quoted } from '../files/quoted';
import { isSameUrl } from './directUrl';
import { isUntouched, type Snapshot } from './installDiff';
import type { Wanted } from './installRequest';
import { evaluateMarker, markerEnvironment, type Marker } from './markers';
import { specifierContains, tryParseVersion } from './version';

/**
 * Looks whether an install that its installer calls a success did what was asked for: configuration that nobody thought
 * of may have sent it elsewhere. What cannot be told for certain counts as there.
 *
 * @returns what is missing, or there in another version, in a few words each.
 */
export function missingAfterwards(
  wanted: readonly Wanted[],
  environment: Environment,
  before: Snapshot,
  after: Snapshot,
): string[] {
  const markers = markerEnvironment(environment);
  const changedNothing = [...after.keys()].every((name) => isUntouched(before, after, name));
  return wanted.flatMap((each) => {
    const { text, name, url, specifiers, marker } = each;
    if (marker && !(isCertain(marker) && evaluateMarker(marker, markers))) return [];
    const found = name === undefined ? undefined : after.get(name);
    if (url !== undefined) return found || !changedNothing || isFoundByPlace(url, after) ? [] : [quoted(text ?? url)];
    if (name === undefined) return [];
    if (text === undefined) return found ? [] : ['a requirement of a file outside the folder'];
    if (!found) return [name];
    const version = tryParseVersion(found.version);
    if (!version || specifierContains(specifiers, version, { prereleases: true })) return [];
    return [`${name}${specifiers.map(({ operator, text }) => operator + text).join(',')} (${found.version} is there)`];
  });
}

/** The other variables tell of the machine, of which an interpreter may think otherwise than this process. */
const certain = new Set(['python_version', 'python_full_version', 'os_name', 'sys_platform', 'platform_system']);

function isCertain(marker: Marker): boolean {
  if (marker.kind !== 'comparison') return marker.operands.every(isCertain);
  return [marker.left, marker.right].every((side) => 'value' in side || certain.has(side.variable));
}

/**
 * What comes from a place, and not from an index, may have a name that only its build tells. Installers write the place
 * down (PEP 610) and install what lies on the disk anew each time; a remote archive they may pass over without a trace.
 */
function isFoundByPlace(url: string, after: Snapshot): boolean {
  if (!/^file:/i.test(url)) return true;
  return [...after.values()].some(({ directUrl, editableProjectLocation: project }) =>
    [directUrl?.url, project === undefined ? undefined : pathToFileURL(project).href].some(
      (place) => place !== undefined && isSameUrl(place, url),
    ),
  );
}
