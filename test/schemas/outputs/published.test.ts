import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { publishedSchemas } from '../../../schemas/outputs/published-schemas.ts';

const FOLDER = path.resolve('schemas/published');

test('the committed JSON Schemas are those of the code (UPDATE_SCHEMAS=1 writes them)', () => {
  if (process.env.UPDATE_SCHEMAS) {
    mkdirSync(FOLDER, { recursive: true });
    for (const [file, schema] of publishedSchemas()) {
      writeFileSync(path.join(FOLDER, file), `${JSON.stringify(schema, null, 2)}\n`);
    }
  }
  const committed = new Map(
    readdirSync(FOLDER).map((file) => [file, JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8'))]),
  );
  expect([...committed.keys()].sort()).toEqual([...publishedSchemas().keys()].sort());
  for (const [file, schema] of publishedSchemas()) expect(committed.get(file), file).toEqual(schema);
});
