/** What is remembered of the selection in a folder, from one time that the workspace is opened to the next. */
export interface Remembered {
  /** The venv that they had selected last; null: something else since then; undefined: none was seen yet. */
  readonly last: string | null | undefined;
  /** Whether they had a venv selected since the window was opened. Before that, "none" may be "still looking". */
  readonly isSettled: boolean;
}

/** How this extension stands to what they have selected. */
export interface Ours {
  /** Whether the same venv is active here. */
  readonly isSame: boolean;
  /** Whether a person or an agent chose the active venv: it was not just found. */
  readonly isChosen: boolean;
}

/**
 * The last choice wins. What they select counts once, when it is another than before: a choice made here afterwards
 * stands until they change theirs again. Which came first is unknown where nothing is remembered of theirs; then a choice
 * made here goes before theirs, which may be one that they found by themselves.
 * @param theirs the venv that they have selected; null for anything else, which is never adopted.
 * @returns what to remember, and whether to adopt theirs.
 */
export function heed(
  theirs: string | null,
  remembered: Remembered,
  { isSame, isChosen }: Ours,
): Remembered & { readonly adopts: boolean } {
  const { last, isSettled } = remembered;
  if (theirs === null) return { last: isSettled ? null : last, isSettled, adopts: false };
  const isNew = theirs !== last && !(last === undefined && isChosen);
  return { last: theirs, isSettled: true, adopts: isNew && !isSame };
}
