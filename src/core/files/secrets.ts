import { mask, maskCredentials } from './credentials';

/** Names of secrets, as they end: "--api-key", "DB_PASSWORD", "accessToken". */
const names =
  '(?:token|passw(?:or)?d|passphrase|secret|credential|(?:api|access|private|secret|signing|encryption|auth)[-_]?key|(?<![a-z0-9])(?:auth|pwd|sig|signature))s?';

const secretName = new RegExp(`${names}$`, 'i');

/** `password=…`, `"password": …`, `'token' = …`; the value as far as its quotes, or the blank behind it, go. */
const assignment = new RegExp(
  `(${names})([ \\t]{0,4}=(?!=)[ \\t]{0,4}|["'][ \\t]{0,4}[:=][ \\t]{0,4})("[^"]*"?|'[^']*'?|[^\\s"'&]+)`,
  'gi',
);
/** `--password …`, also in a list of words. */
const option = new RegExp(
  `(--?[\\w.-]{0,64}${names})(["'],[ \\t]{0,8}|[ \\t]{1,8})(?!-)("[^"]*"?|'[^']*'?|[^\\s"']+)`,
  'gi',
);
const header = /(authorization["']?[ \t]{0,4}[:=][ \t]{0,4}["']?)([^\s"',]+(?:[ \t]{1,8}[^\s"',]+)?)/gi;
const bearer = /\b(bearer[ \t]{1,8})([^\s"',]+)/gi;
const basic = /\b([Bb]asic[ \t]{1,8})(?=[\w+/=-]{0,64}[A-Z0-9=])([\w+/=-]{6,})/g;

/** How the tokens of common services begin, and how many characters follow; long random texts of other kinds are kept. */
const services: readonly (readonly [beginning: string, following: number])[] = [
  ['gh[oprsu]_|github_pat_|hf_|AIza', 20],
  ['gl(?:pat|dt|rt|ptt|soat|cbt|agent)-|[spr]k[-_]|A[KS]IA|ya29\\.|pypi-|dckr_pat_|eyJ', 16],
  ['npm_(?=[A-Za-z0-9]{20})', 30],
  ['xox[abeprs]-', 10],
];
/** One that was cut short is known by its beginning. */
const forms = new RegExp(
  `\\b(?:${services.map(([beginning, following]) => `(?:${beginning})(?:[\\w.-]{${following},}|[\\w.-]{0,${following}}…[\\w.-]*)`).join('|')})`,
  'g',
);

/** @returns whether an option or variable is called as secrets are: "--api-key", "PASSWORD". */
export const isSecretName = (name: string): boolean => secretName.test(name);

/**
 * @returns `text` without what nobody but its program should read: users, passwords and queries of URLs, values of
 * options, assignments and headers that are called tokens or passwords, and what looks like a token. Takes time in
 * proportion to the text; what was masked stays as it is.
 */
export const stripSecrets = (text: string): string =>
  maskCredentials(text)
    .replace(header, `$1${mask}`)
    .replace(assignment, (_, name: string, sign: string, value: string) => `${name}${sign}${maskedValue(value)}`)
    .replace(option, (_, name: string, blank: string, value: string) => `${name}${blank}${maskedValue(value)}`)
    .replace(bearer, `$1${mask}`)
    .replace(basic, `$1${mask}`)
    .replace(forms, mask);

/** Quotes stay, so that what is JSON stays JSON. */
function maskedValue(value: string): string {
  const [quote = ''] = value;
  if (quote !== '"' && quote !== "'") return mask;
  return `${quote}${mask}${value.length > 1 && value.endsWith(quote) ? quote : ''}`;
}
