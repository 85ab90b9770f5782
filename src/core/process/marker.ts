import { randomBytes } from 'node:crypto';

/** The variable that names the runs that a process belongs to, outermost first, with ":" between them. */
export const markerName = 'PYTHON_TOOLS_RUN';

/**
 * What the markers of this process's runs begin with. The leading 4 makes each a number between 2⁶² and 2⁶³: a limit that
 * can be set everywhere, that nothing reaches, and that nobody else sets.
 */
export const markerPrefix = `4${randomBytes(5).toString('hex')}`;

let markers = 0;

/** @returns a marker that no living run has: 16 hexadecimal digits. */
export const newMarker = (): string => markerPrefix + (++markers & 0xfffff).toString(16).padStart(5, '0');

/** @returns the marker as the number that the members of a run have as their limit of file locks. */
export const limitOf = (marker: string): string => BigInt(`0x${marker}`).toString();
