import { randomBytes } from 'node:crypto';

/** The variable that names the runs that a process belongs to, outermost first, with ":" between them. */
export const markerName = 'PYTHON_TOOLS_RUN';

/**
 * What the markers of this process's runs begin with. The leading digit makes each a number above 2⁶¹: a limit that nothing
 * reaches, and that nobody else sets. A server inside a run of another one sets lower ones, beneath that one's.
 */
export const markerPrefix = `${process.env[markerName] === undefined ? 4 : 3}${randomBytes(5).toString('hex')}`;

let markers = 0;

/** @returns a marker that no living run has: 16 hexadecimal digits. */
export const newMarker = (): string => markerPrefix + (++markers & 0xfffff).toString(16).padStart(5, '0');

/** @returns the marker as the number that the members of a run have as their limit of file locks. */
export const limitOf = (marker: string): string => BigInt(`0x${marker}`).toString();
