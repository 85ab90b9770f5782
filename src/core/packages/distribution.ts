import type { DirectUrl } from './directUrl';
import type { MetadataHeaders } from './metadata';

/** The three forms of installed metadata: PEP 376's, that of setuptools and distutils, and that inside an egg. */
export type MetadataKind = 'dist-info' | 'egg-info' | 'egg';

/** An installed distribution. What is read at once is here; the rest of its metadata is read when asked for. */
export interface Distribution {
  /** As pip prints it: the metadata's spelling. */
  readonly name: string;
  /** As PEP 503 compares it. */
  readonly normalizedName: string;
  /** As pip prints it: normalized where it is a version at all (PEP 440). */
  readonly version: string;
  /** Whether the version is one by PEP 440. */
  readonly versionIsValid: boolean;
  /** As `pip show` prints it. */
  readonly shownVersion: string;
  readonly kind: MetadataKind;
  /** The folder (or, from distutils, the file) that holds the metadata. */
  readonly metadataPath: string;
  /** The folder that the distribution is found in. */
  readonly location: string;
  /** The project's folder, where it is installed in editable mode. */
  readonly editableProjectLocation: string | undefined;
  /** Where it was installed from, if not from an index (PEP 610). */
  readonly directUrl: DirectUrl | undefined;
  /** False where the metadata file itself is missing: an installer is at work, or was killed. */
  readonly complete: boolean;
  /** Whether it comes from the base interpreter or the user site rather than from the environment itself. */
  readonly inherited: boolean;
  /** The whole metadata, read when first asked for. */
  headers(): MetadataHeaders;
  /** Every requirement, those of extras with their markers (PEP 508). */
  requirements(): readonly string[];
  /** The tool that installed it, or '' where that is not recorded (PEP 376). */
  installer(): string;
}

/** Where a distribution's metadata was found. */
export interface MetadataPlace {
  readonly kind: MetadataKind;
  readonly path: string;
  readonly location: string;
  /** "NAME-VERSION", from the name of the folder. */
  readonly stem: string;
  readonly inherited: boolean;
}
