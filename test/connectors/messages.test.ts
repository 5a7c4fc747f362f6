import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { sourceConfig } from '../../schemas/config.ts';
import { API_MESSAGES } from '../../schemas/messages/apis.ts';
import { message, messageCodes } from '../../schemas/messages/catalogue.ts';
import { SOURCE_MESSAGES } from '../../schemas/messages/sources.ts';

const code = globSync('connectors/**/*.ts')
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');
const TYPES: ReadonlySet<string> = new Set(sourceConfig.options.map((option) => option.shape.type.value));
const used = [...code.matchAll(/'((?:file|care|list|map|inbox|raw|api|oneroster|sftp)-[a-z0-9-]+)'/g)]
  .map(([, found]) => found!)
  .filter((found) => !TYPES.has(found) && !found.endsWith('-'));

it('every code that a connector raises has its text in both languages', () => {
  expect(used.length).toBeGreaterThan(40);
  for (const name of new Set(used)) {
    expect(messageCodes(), name).toContain(name);
    for (const language of ['zh', 'en'] as const) expect(message(name, {}, language).length, name).toBeGreaterThan(10);
  }
});

/** Codes that landing itself raises. */
const sourceCodes = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/'((?:source|delivery)-[a-z-]+)'/g)].map(([, found]) => found as string);

it('every text of a source is raised somewhere', () => {
  const pipeline = [
    ...['pipelines/land.ts', ...globSync('pipelines/landing/*.ts')].flatMap(sourceCodes),
    ...sourceCodes('warehouse/landing/deliveries.ts'),
    ...sourceCodes('warehouse/runs.ts'),
  ];
  const names = [...Object.keys(SOURCE_MESSAGES), ...Object.keys(API_MESSAGES)];
  for (const name of names) expect([...used, ...pipeline]).toContain(name);
});
