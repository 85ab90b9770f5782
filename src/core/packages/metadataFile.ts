import { sep } from 'node:path';
import type { MetadataPlace } from './distribution';
import { headerText, MetadataHeaders, wholeHeaders } from './metadata';
import { readBeginning } from '../files/readFiles';

/** Enough for Name and Version, which come first. */
const identityBytes = 1024;

/** Enough for most metadata without the description. */
const headerBytes = 8192;

/** More than any headers have. Of a larger file the rest is not read: it can only be the description. */
const mostHeaderBytes = 1024 * 1024;

// Joined by hand: `join` takes as long as the looks at the disk that follow, and there are hundreds of them.
function metadataFiles({ kind, path }: MetadataPlace): readonly string[] {
  if (kind === 'dist-info') return [`${path}${sep}METADATA`, `${path}${sep}PKG-INFO`];
  return kind === 'egg-info' ? [`${path}${sep}PKG-INFO`, path] : [`${path}${sep}PKG-INFO`];
}

/** @returns all headers of a metadata file. */
export function readHeaders(path: string): MetadataHeaders {
  const beginning = readBeginning(path, headerBytes) ?? '';
  return new MetadataHeaders(headerText(beginning) ?? readBeginning(path, mostHeaderBytes) ?? beginning);
}

/** The file that holds the metadata of a place, with its headers up to Version at least. */
export interface Identity {
  readonly path: string;
  readonly headers: MetadataHeaders;
}

export function readIdentity(place: MetadataPlace): Identity | undefined {
  for (const path of metadataFiles(place)) {
    const beginning = readBeginning(path, identityBytes);
    if (beginning === undefined) continue;
    const headers = new MetadataHeaders(wholeHeaders(beginning));
    const enough = headers.get('Name') !== undefined && headers.get('Version') !== undefined;
    return { path, headers: enough ? headers : readHeaders(path) };
  }
  return undefined;
}
