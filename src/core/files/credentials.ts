export const mask = '****';

/** Where words of a text end. A quote may be part of a password, unless it stands where one closes. */
const wordEnd = /["'`](?=[\s,:;.)\]}?!]|$)|[\s<>]/g;

/** "://", also as a path leaves it (":/", ":\"), also percent-encoded; a single letter before it is a drive. */
const afterScheme = /(?<=[a-z][a-z0-9+.-])(?::|%3a)(?:[/\\]|%2f|%5c)+/gi;

const at = /@|%40/gi;
const colon = /:|%3a/i;
const endOfAuthority = /[/\\?#]|%2f|%5c|%3f|%23/i;

/** A host after which "@" begins a revision ("host.org/repo@v1") rather than ends a password. */
const knownHost = /^(?:[\w-]+\.)+[\w-]+(?::\d{1,5})?$|^localhost(?::\d{1,5})?$|^\[[\da-f:]+\](?::\d{1,5})?$/i;

/** As far as a password with blanks in it is followed, in characters. */
const mostBlanks = 200;

/**
 * @returns `text` with the user and password of every URL in it masked, and its query: "https://****@host/simple". What
 * a path makes of a URL ("/w/https:/user:pw@host") counts as one, and so does "user:pw@host". Where it cannot be told
 * whether "@" ends a password or begins a revision, more is masked rather than less.
 */
export function maskCredentials(text: string): string {
  if (!/[@:%]/.test(text)) return text;
  const masked: string[] = [];
  let start = 0;
  const take = (end: number, delimiter: string): void => {
    const word = text.slice(start, end);
    const spread = delimiter.trim() === '' && end < text.length ? brokenCredentials(word, text, end) : undefined;
    masked.push(spread?.masked ?? maskedWord(word), spread ? '' : delimiter);
    start = spread?.end ?? end + delimiter.length;
  };
  for (const { index, 0: delimiter } of text.matchAll(wordEnd)) if (index >= start) take(index, delimiter);
  if (start < text.length) take(text.length, '');
  return masked.join('');
}

/** "https://user:pa ss@host" is no URL, and was still meant to be one. */
function brokenCredentials(word: string, text: string, end: number): { masked: string; end: number } | undefined {
  const scheme = lastOf(afterScheme, word);
  if (!scheme) return undefined;
  const authority = authorityOf(word.slice(scheme.end));
  if (lastOf(at, word.slice(scheme.end)) || isHostWithPort(authority)) return undefined;
  const line = text.slice(end, end + mostBlanks);
  const rest = line.slice(0, endOfLine(line));
  const found = lastOf(at, rest);
  if (!found) return undefined;
  return { masked: `${maskedWord(word.slice(0, scheme.end))}${mask}@`, end: end + found.end };
}

const endOfLine = (text: string): number => {
  const end = text.search(/[\r\n"'`<>]/);
  return end === -1 ? text.length : end;
};

function maskedWord(word: string): string {
  if (!colon.test(word)) return word;
  const schemes = [...word.matchAll(afterScheme)].map(({ index, 0: { length } }) => ({ index, end: index + length }));
  const [first] = schemes;
  if (!first) return withoutUser(word);
  const parts = schemes.map(({ index, end }, number) => {
    const next = schemes[number + 1]?.index ?? word.length;
    return word.slice(index, end) + maskedAddress(word.slice(end, next), end - index > 2);
  });
  return word.slice(0, first.index) + parts.join('');
}

/** @param certain whether it stands after "://", where a colon can only be followed by a port. */
function maskedAddress(address: string, certain: boolean): string {
  const end = endOfUser(address);
  if (end > 0) return `${mask}@${withoutQuery(address.slice(end))}`;
  const authority = authorityOf(address);
  const separator = colon.exec(authority);
  return separator && certain && !isHostWithPort(authority)
    ? `${authority.slice(0, separator.index)}:${mask}`
    : withoutQuery(address);
}

/** @returns the index behind the "@" that ends user and password; 0 where there are none. */
function endOfUser(address: string): number {
  const last = lastOf(at, address);
  if (!last) return 0;
  const authority = authorityOf(address);
  const inAuthority = lastOf(at, authority);
  const isRevision = !/[/\\]|%2f|%5c/i.test(address.slice(last.end));
  if (inAuthority) {
    const known = last.end === inAuthority.end || (knownHost.test(authority.slice(inAuthority.end)) && isRevision);
    return known ? inAuthority.end : last.end;
  }
  if (!colon.test(authority) || isDrive(authority)) return 0;
  const isPath = /^(?:[/\\]|%2f|%5c)/i.test(address.slice(authority.length));
  return isHostWithPort(authority) && isPath && isRevision ? 0 : last.end;
}

/** "user:pw@host" without anything before it. */
function withoutUser(word: string): string {
  const opening = /^[^\w%+$]*/.exec(word)?.[0] ?? '';
  const rest = word.slice(opening.length);
  const separator = colon.exec(rest);
  const end = separator ? endOfUser(rest) : 0;
  if (!separator || end < separator.index || /^[/\\]/.test(rest.slice(separator.index + 1))) return word;
  return /^[\w.[-]/.test(rest.slice(end)) ? `${opening}${mask}@${rest.slice(end)}` : word;
}

const authorityOf = (address: string): string => {
  const end = address.search(endOfAuthority);
  return end === -1 ? address : address.slice(0, end);
};

const isHostWithPort = (authority: string): boolean => {
  if (/^\[[\da-f:.]*\]?(?::\d{0,5})?$/i.test(authority) || isDrive(authority)) return true;
  const separator = colon.exec(authority);
  return !separator || /^\d{0,5}$/.test(authority.slice(separator.index + separator[0].length));
};

const isDrive = (authority: string): boolean => /^[a-z]:$/i.test(authority);

const withoutQuery = (address: string): string => {
  const start = address.indexOf('?');
  if (start === -1) return address;
  const end = address.indexOf('#', start);
  const query = end === -1 ? address.slice(start + 1) : address.slice(start + 1, end);
  return query === '' ? address : `${address.slice(0, start + 1)}${mask}${end === -1 ? '' : address.slice(end)}`;
};

function lastOf(pattern: RegExp, text: string): { readonly end: number } | undefined {
  let end: number | undefined;
  for (const { index, 0: found } of text.matchAll(pattern)) end = index + found.length;
  return end === undefined ? undefined : { end };
}
