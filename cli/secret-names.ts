import type { SourceConfig } from '../schemas/config.ts';

export interface NamedSecret {
  source: string;
  /** Where the configuration names it: `sources[].sftp.passwordEnv`. */
  key: string;
  /** Of the environment variable. */
  variable: string;
}

/** Every environment variable that sources name for a secret: under a key that ends in `Env`, wherever in the source it stands. */
export const secretNames = (sources: readonly SourceConfig[]): NamedSecret[] =>
  sources.flatMap((source) => namedIn(source, 'sources[]').map((named) => ({ source: source.name, ...named })));

function namedIn(value: unknown, at: string): Omit<NamedSecret, 'source'>[] {
  if (Array.isArray(value)) return value.flatMap((one) => namedIn(one, `${at}[]`));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const key = `${at}.${name}`;
    return name.endsWith('Env') && typeof inner === 'string' ? [{ key, variable: inner }] : namedIn(inner, key);
  });
}
