/** @returns whether a folder is a venv that is being deleted, or whose deletion was interrupted; see `setAside`. */
export const isSetAside = (name: string): boolean => /^\.deleting-[0-9a-f]{12}$/.test(name);
