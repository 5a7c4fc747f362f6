/** Configuration and campaign files: YAML, checked against their schemas, every mistake named at once. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import type { z } from 'zod';
import { type Campaign, campaignSchema } from '../schemas/campaign.ts';
import { type Config, configSchema } from '../schemas/config.ts';
import { expectedKeys } from './expected-keys.ts';
import { UsageError } from './usage-error.ts';

const SAMPLE = path.join(import.meta.dirname, '..', 'samples', 'mingce.yaml');

/** Keys under which somebody may have written a secret itself, and addresses that may hold a password. */
const PERHAPS_SECRET = /secret|passw|token|credential|url|key/i;

/** The value at a path of a parsed file, as a short text for a message; one that could be a secret is not shown. */
function valueAt(document: unknown, at: readonly PropertyKey[]): string {
  if (PERHAPS_SECRET.test(String(at.at(-1)))) return 'not shown, it could be a secret';
  let value: unknown = document;
  for (const key of at) value = (value as Record<PropertyKey, unknown> | undefined)?.[key];
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function readYaml<S extends z.ZodType>(file: string, schema: S): z.output<S> {
  let document: unknown;
  try {
    document = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`${file}: cannot be read: ${(error as Error).message}`, { cause: error });
  }
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => {
    if (issue.code === 'unrecognized_keys') {
      // An unknown key is named without its value: a secret written into the wrong place must not reach a terminal or a log.
      const expected = expectedKeys(schema, document, issue.path).join(', ');
      return `${file}: unknown key ${issue.keys.map((key) => [...issue.path, key].join('.')).join(', ')}; expected there: ${expected || 'no key'}`;
    }
    const key = issue.path.length > 0 ? issue.path.join('.') : '(top level)';
    const why = issue.code === 'invalid_key' ? issue.issues.map(({ message }) => message).join(', ') : issue.message;
    return `${file}: ${key}: ${why} (value: ${valueAt(document, issue.path)})`;
  });
  throw new UsageError(lines.join('\n'));
}

/** @param given MINGCE_CONFIG; null means `mingce.yaml` here, else the sample. @throws UsageError */
export function readConfig(given: string | null): { config: Config; configDir: string; file: string } {
  const file = path.resolve(given ?? (existsSync('mingce.yaml') ? 'mingce.yaml' : SAMPLE));
  return { config: readYaml(file, configSchema), configDir: path.dirname(file), file };
}

/** One planning year. @throws UsageError */
export const readCampaign = (file: string): Campaign => readYaml(file, campaignSchema);

/** @throws UsageError */
export function readCampaigns(config: Config, configDir: string): Campaign[] {
  const campaigns = config.campaigns.map((file) => readCampaign(path.resolve(configDir, file)));
  const twice = campaigns.find(({ id }, i) => campaigns.findIndex((other) => other.id === id) !== i);
  if (twice) throw new UsageError(`campaigns: two files are of year ${twice.id}; expected one of each year`);
  return campaigns;
}
