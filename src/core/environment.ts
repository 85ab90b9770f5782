/**
 * A Python that code runs in: a virtual environment (PEP 405) or a base interpreter. A plain value; the managers make
 * it and pass it on.
 */
export interface Environment {
  /** Absolute path of the venv's root (the folder of pyvenv.cfg), or `sys.prefix` of a base interpreter. */
  readonly path: string;
  /** The executable to run, absolute, as it stands: a venv's link to its base is never resolved, that would leave it. */
  readonly python: string;
  /** Full version, such as "3.12.1". */
  readonly version: string;
  /** Of a venv on Windows, where its files tell: the base interpreter that its python starts. Absolute. */
  readonly base?: string;
  /** False for a base interpreter, which is never modified. */
  readonly isVenv: boolean;
  /** Of a venv whose python is a script, or whose packages lie where a link leads: it may be a base's after all. */
  readonly mayBeBase?: boolean;
  /** The folder that holds its executables (`bin`, `Scripts`), absolute. */
  readonly scripts: string;
  /** Where its distributions are found. */
  readonly libraries: LibraryPaths;
}

/** The folders in which an environment's distributions are looked for, in `sys.path` order. */
export interface LibraryPaths {
  /** The environment's own site-packages folders (purelib, then platlib where it is another folder). */
  readonly own: readonly string[];
  /** Those of the base interpreter and of the user site, where `system_site_packages` lets them in. */
  readonly inherited: readonly string[];
}
