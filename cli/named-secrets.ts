/**
 * Every secret that a configuration names, wherever it stands: found by what the schema marks, so that no kind of source can be forgotten. They are
 * checked before anything begins: a run that found one missing at two in the morning would leave all its sources unheard.
 */
import path from 'node:path';
import { readPrivateKey } from '../connectors/files/private-key.ts';
import { type Config, configSchema } from '../schemas/config.ts';
import { SourceError } from '../schemas/source-error.ts';
import { nodeBelow, type SchemaNode, schemaNode } from './schema-node.ts';

export interface NamedSecret {
  /** As in `sources[2].schools[0].clientSecretEnv`. */
  key: string;
  kind: 'variable' | 'file';
  /** Of the environment variable; or the path of the file, as configured. */
  name: string;
}

export function namedSecrets(config: Config): NamedSecret[] {
  const found: NamedSecret[] = [];
  const visit = (value: unknown, node: SchemaNode, at: string): void => {
    if (node.secret !== undefined && typeof value === 'string') found.push({ key: at, kind: node.secret, name: value });
    if (typeof value !== 'object' || value === null) return;
    const inside = Array.isArray(value) ? value.entries() : Object.entries(value);
    for (const [key, inner] of inside) {
      const below = nodeBelow(node, key, inner);
      const name = typeof key === 'number' ? `[${key}]` : at === '' ? key : `.${key}`;
      if (below !== null) visit(inner, below, at + name);
    }
  };
  visit(config, schemaNode(configSchema, config), '');
  return found;
}

export interface SecretsAsked {
  config: Config;
  /** Folder of the configuration file. */
  configDir: string;
  /** null where the variable is not set. */
  secret(name: string): string | null;
}

/** @returns a line for each secret that is not there: its key, what it names, what was expected; none when all are. Never a secret */
export async function missingSecrets({ config, configDir, secret }: SecretsAsked): Promise<string[]> {
  const lines: string[] = [];
  for (const { key, kind, name } of namedSecrets(config)) {
    if (kind === 'variable') {
      if (secret(name) === null)
        lines.push(`${key}: environment variable ${name} is not set; expected the secret in it`);
      continue;
    }
    const file = path.resolve(configDir, name);
    await readPrivateKey(file).catch((error: unknown) => {
      if (!(error instanceof SourceError)) throw error;
      lines.push(
        `${key}: ${file} cannot be used (${error.params.reason}); expected a private key without a passphrase`,
      );
    });
  }
  return lines;
}
