/** @returns the name by which PEP 503 compares distributions and extras: lower case, runs of `-`, `_`, `.` as one `-`. */
export const normalizeName = (name: string): string => name.replace(/[-_.]+/g, '-').toLowerCase();
