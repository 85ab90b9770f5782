/** Loaded on first use: TOML 1.0 for what holds it. */
export { parse as parseToml, TomlError } from 'smol-toml';
