import { redirectingOptions, type PipConfiguration } from './pipConfiguration';

/**
 * uv reads neither pip.conf nor PIP_* variables. What pip is configured with is therefore handed to uv: as variables
 * where there is one (arguments can be read by every user of the machine), else as flags. What uv can't be told
 * rules it out.
 */
export interface UvSettings {
  readonly env: Readonly<Record<string, string>>;
  readonly flags: readonly string[];
  /** The first option of pip that has no equivalent. */
  readonly ruledOutBy: string | undefined;
}

const truthy = (value: string): boolean => !/^(0|f|false|n|no|off)$/i.test(value);
const words = (value: string): string[] => value.split(/\s+/).filter((word) => word !== '');

interface Translated {
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
}

/** What uv is told for an option of pip. Undefined: uv can't be told. */
type Translation = (value: string) => Translated | undefined;

const variable =
  (name: string, separator = ' '): Translation =>
  (value) => {
    const items = words(value);
    // Neither has an escape for the separator.
    return items.some((item) => item.includes(separator)) ? undefined : { env: { [name]: items.join(separator) } };
  };
const whenSet =
  (translated: Translated): Translation =>
  (value) =>
    truthy(value) ? translated : {};
const unlessSet: Translation = (value) => (truthy(value) ? undefined : {});
const timeout: Translation = (value) => ({ env: { UV_HTTP_TIMEOUT: String(Math.ceil(Number(value) || 15)) } });
const formatControl =
  (name: string): Translation =>
  (value) => ({ flags: value.split(/[\s,]+/).flatMap((item) => (item === '' ? [] : [`${name}=${item}`])) });
const only =
  (...harmless: readonly string[]): Translation =>
  (value) =>
    harmless.includes(value) ? {} : undefined;

const translations: Readonly<Record<string, Translation>> = {
  'index-url': (value) => ({ env: { UV_DEFAULT_INDEX: value, UV_INDEX_URL: value } }),
  // pip takes the best version of all indexes as equals; whoever set it up for pip relies on that, uv's default would
  // stop at the first index that knows the name.
  'extra-index-url': (value) => ({
    env: { UV_EXTRA_INDEX_URL: words(value).join(' '), UV_INDEX_STRATEGY: 'unsafe-best-match' },
  }),
  'find-links': variable('UV_FIND_LINKS', ','),
  'no-index': whenSet({ flags: ['--no-index'] }),
  constraint: variable('UV_CONSTRAINT'),
  'build-constraint': variable('UV_BUILD_CONSTRAINT'),
  'trusted-host': variable('UV_INSECURE_HOST'),
  cert: (value) => ({ env: { SSL_CERT_FILE: value } }),
  'client-cert': (value) => ({ env: { SSL_CLIENT_CERT: value } }),
  proxy: (value) => {
    const url = value.includes('://') ? value : `http://${value}`;
    return { env: { HTTP_PROXY: url, HTTPS_PROXY: url, http_proxy: url, https_proxy: url } };
  },
  timeout,
  'default-timeout': timeout,
  retries: (value) => ({ env: /^\d+$/.test(value) ? { UV_HTTP_RETRIES: value } : {} }),
  pre: whenSet({ env: { UV_PRERELEASE: 'allow' } }),
  'require-hashes': whenSet({ flags: ['--require-hashes'] }),
  'no-deps': whenSet({ flags: ['--no-deps'] }),
  'only-binary': formatControl('--only-binary'),
  'no-binary': formatControl('--no-binary'),
  'prefer-binary': unlessSet,
  'ignore-installed': unlessSet,
  'force-reinstall': unlessSet,
  'ignore-requires-python': unlessSet,
  'upgrade-strategy': only('only-if-needed'),
  upgrade: unlessSet,
  'keyring-provider': (value) =>
    value === 'subprocess' ? { env: { UV_KEYRING_PROVIDER: value } } : only('disabled')(value),
  'use-feature': only('fast-deps'),
};

/** What changes only how pip talks, or what uv does so anyway. */
const harmless = new Set([
  'disable-pip-version-check',
  'no-python-version-warning',
  'no-warn-script-location',
  'no-warn-conflicts',
  'root-user-action',
  'progress-bar',
  'no-color',
  'no-input',
  'quiet',
  'verbose',
  'debug',
  'log',
  'yes',
  'no-clean',
  'exists-action',
  'cache-dir',
  'no-cache-dir',
  'compile',
  'no-compile',
  'use-pep517',
  'src',
  'format',
  'check-build-dependencies',
]);

/** Variables that say the same; where the user set one for uv, uv's own configuration is obeyed. */
const synonyms: readonly (readonly string[])[] = [
  ['UV_DEFAULT_INDEX', 'UV_INDEX_URL'],
  ['UV_INDEX', 'UV_EXTRA_INDEX_URL'],
];

/**
 * @param host the variables that the process would see anyway; what they set for uv stays.
 * @returns the variables that make uv do what pip is configured to do, and the option that uv can't be told of, if any.
 */
export function uvSettings(
  configuration: PipConfiguration,
  host: Readonly<Record<string, string | undefined>> = {},
): UvSettings {
  const env: Record<string, string> = {};
  const flags: string[] = [];
  let ruledOutBy: string | undefined;
  for (const [option, value] of configuration) {
    if (harmless.has(option) || redirectingOptions.has(option)) continue;
    const translated = translations[option]?.(value);
    if (!translated) ruledOutBy ??= option;
    Object.assign(env, translated?.env);
    flags.push(...(translated?.flags ?? []));
  }
  const taken = (name: string): boolean =>
    (synonyms.find((names) => names.includes(name)) ?? [name]).some((synonym) => host[synonym] !== undefined);
  const passed = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('UV_') || !taken(name)));
  return { env: passed, flags, ruledOutBy };
}
