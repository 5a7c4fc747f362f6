/** The JSON Schemas that others rely on, held against what the program really answers. */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect } from 'vitest';

/** @param schema name of a file in `schemas/published`, such as `hold-list`. @returns the parsed answer, which has its shape */
export function publishedAnswer(schema: string, json: string): unknown {
  const ajv = new Ajv2020({ strict: false });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  const validate = ajv.compile(JSON.parse(readFileSync(`schemas/published/${schema}.schema.json`, 'utf8')));
  const value = JSON.parse(json);
  expect(validate(value), JSON.stringify(validate.errors)).toBe(true);
  return value;
}
