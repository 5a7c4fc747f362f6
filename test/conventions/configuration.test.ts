import { expect, it } from 'vitest';
import { z } from 'zod';
import { campaignSchema } from '../../schemas/campaign.ts';
import { configSchema } from '../../schemas/config.ts';
import { rowsOf } from './document-tables.ts';

interface JsonSchema {
  type?: string;
  default?: unknown;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  oneOf?: JsonSchema[];
  anyOf?: JsonSchema[];
}
interface Key {
  path: string;
  required: boolean;
  /** As YAML says it; undefined where there is none. */
  default: unknown;
}

/** Every key that a person may write, `sources[].pageSize`; a choice of shapes gives the keys of all of them. */
function keysOf(schema: JsonSchema, path: string): Key[] {
  const shapes = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
  const fields = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const at = path === '' ? name : `${path}.${name}`;
    const inner = keysOf(field, at);
    const required = schema.required?.includes(name) ?? false;
    return inner.length > 0 ? inner : [{ path: at, required, default: field.default }];
  });
  return [
    ...fields,
    ...shapes.flatMap((s) => keysOf(s, path)),
    ...(schema.items ? keysOf(schema.items, `${path}[]`) : []),
  ];
}

const jsonSchema = (schema: z.ZodType): JsonSchema => z.toJSONSchema(schema, { io: 'input' }) as JsonSchema;
const keys = [...keysOf(jsonSchema(configSchema), ''), ...keysOf(jsonSchema(campaignSchema), '')];
const rows = rowsOf('docs/configuration.md');

it('the walk finds nested keys, those of every kind of source, and their defaults', () => {
  const found = new Map(keys.map((key) => [key.path, key]));
  expect(found.get('schedule.nightly')).toMatchObject({ default: '02:00' });
  expect(found.get('sources[].clientSecretEnv')).toMatchObject({ required: true });
  expect(found.has('plans.teacher-plan.kindergartenTitles')).toBe(true);
  expect(found.has('addressed[].exceptDistricts')).toBe(true);
});

it('every key of the configuration and of a campaign has its row in docs/configuration.md', () => {
  const lost = keys.filter(({ path }) => !rows.some(({ name }) => name === path)).map(({ path }) => path);
  expect([...new Set(lost)]).toEqual([]);
});

it('the document names no key that is gone', () => {
  const environment = /^[A-Z][A-Z0-9_]+$/;
  const gone = rows
    .map(({ name }) => name)
    .filter((name) => !environment.test(name) && !keys.some((k) => k.path === name));
  expect(gone).toEqual([]);
});

it('the document gives each default as the code has it', () => {
  for (const key of keys) {
    if (key.default === undefined) continue;
    // Kinds of sources may differ in a default: each has a table of its own.
    const told = rows.filter(({ name }) => name === key.path).map(({ cells }) => cells[2]);
    const shown = typeof key.default === 'string' ? key.default : JSON.stringify(key.default);
    expect(told, key.path).toContain(`\`${shown}\``);
  }
});
