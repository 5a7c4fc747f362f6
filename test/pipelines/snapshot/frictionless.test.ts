/** The package as Data Package 2.0 and Table Schema demand it: its descriptor by a JSON Schema of these rules, its rows by the schemas that it carries. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Ajv } from 'ajv';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSmallCity, type SmallCity } from './city.ts';
import { DATA_PACKAGE } from './data-package-rules.ts';

let city: SmallCity;
beforeAll(async () => {
  city = await makeSmallCity();
});
afterAll(() => city.close());

interface Field {
  name: string;
  type: 'string' | 'integer' | 'array';
  constraints?: { required?: boolean };
  categories?: { value: number; label: string }[];
}
interface Resource {
  path: string;
  bytes: number;
  hash: string;
  format: string;
  schema?: { fields: Field[]; missingValues: string[]; primaryKey?: string[] };
}

const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(DATA_PACKAGE);

/** What the Table Schema says of a cell that is no missing value. */
function faultOf(field: Field, value: unknown): string | null {
  if (value === null) return field.constraints?.required ? `${field.name} is required` : null;
  if (field.type === 'array') return Array.isArray(value) ? null : `${field.name} is no list`;
  if (field.type === 'string') return typeof value === 'string' ? null : `${field.name} is no text`;
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  if (!Number.isInteger(number)) return `${field.name} is no whole number`;
  return field.categories?.every((category) => category.value !== number) ? `${field.name} is no category` : null;
}

const rowsOf = (resource: Resource, text: string): unknown[][] => {
  const { fields, missingValues } = resource.schema as NonNullable<Resource['schema']>;
  if (resource.format === 'jsonl')
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => {
        const record = JSON.parse(line);
        return fields.map(({ name }) => record[name]);
      });
  const { data } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), { newline: '\r\n', skipEmptyLines: true });
  expect(data[0]).toEqual(fields.map(({ name }) => name));
  return data.slice(1).map((cells) => cells.map((cell) => (missingValues.includes(cell) ? null : cell)));
};

describe.each(['teacher-plan', 'school-plan'] as const)('the package of a %s', (kind) => {
  const manifest = async () => JSON.parse(await readFile(path.join(city.folders[kind], 'datapackage.json'), 'utf8'));

  it('is what the standard demands', async () => {
    expect(validate(await manifest()), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
  });

  it.each([
    ['a resource without a name', (m: { resources: Record<string, unknown>[] }) => delete m.resources[0]?.name],
    [
      'a field of no known type',
      (m: never) =>
        Object.assign((m as { resources: Resource[] }).resources[0]?.schema?.fields[0] ?? {}, { type: 'number?' }),
    ],
    ['no resource at all', (m: { resources: unknown[] }) => m.resources.splice(0)],
  ])('would not be with %s', async (_, spoil) => {
    const spoilt = await manifest();
    spoil(spoilt as never);
    expect(validate(spoilt)).toBe(false);
  });

  it('holds files of the bytes, digests, types and required cells that its schemas say, and no key twice', async () => {
    const { resources } = (await manifest()) as { resources: Resource[] };
    expect(resources.map((r) => r.format)).toEqual(['csv', 'csv', 'jsonl', 'parquet', 'zip']);
    for (const resource of resources) {
      const bytes = await readFile(path.join(city.folders[kind], resource.path));
      expect([bytes.length, `sha256:${createHash('sha256').update(bytes).digest('hex')}`]).toEqual([
        resource.bytes,
        resource.hash,
      ]);
      const { schema } = resource;
      if (!schema || resource.format === 'parquet') continue;
      const rows = rowsOf(resource, bytes.toString('utf8'));
      const faults = rows.flatMap((row) =>
        schema.fields.map((field, i) => faultOf(field, row[i])).filter((fault) => fault !== null),
      );
      expect(faults, resource.path).toEqual([]);
      const key = (schema.primaryKey ?? []).map((name) => schema.fields.findIndex((field) => field.name === name));
      if (key.length > 0) expect(new Set(rows.map((row) => key.map((i) => row[i]).join('|'))).size).toBe(rows.length);
    }
  });
});
