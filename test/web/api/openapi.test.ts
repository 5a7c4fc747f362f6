/** The description of the API: by OpenAPI's own schema, as committed in docs, and as the API really answers. */
import { readFileSync, writeFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { beforeAll, expect, it } from 'vitest';
import { consumerWorld, TEACHERS } from './consumer-world.ts';

const own = consumerWorld(2);
const FILE = 'docs/openapi.json';

interface Operation {
  summary?: string;
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}
interface Document {
  openapi: string;
  security: object[];
  paths: Record<string, Record<string, Operation>>;
}
let text: string;
let document: Document;

beforeAll(async () => {
  const answer = await own.get('openapi.json', { token: null });
  expect(answer.statusCode).toBe(200);
  text = `${JSON.stringify(answer.json(), null, 2)}\n`;
  document = JSON.parse(text);
});

it('it is OpenAPI 3.1, by the schema of OpenAPI itself, and a broken one is not', async () => {
  expect(await new Validator().validate(JSON.parse(text))).toMatchObject({ valid: true });
  expect(document.openapi).toMatch(/^3\.1\./);
  const broken = JSON.parse(text);
  delete broken.info.title;
  expect((await new Validator().validate(broken)).valid).toBe(false);
});

it('it is the one in docs (UPDATE_SCHEMAS=1 writes it)', () => {
  if (process.env.UPDATE_SCHEMAS) writeFileSync(FILE, text);
  expect(readFileSync(FILE, 'utf8')).toBe(text);
});

it('every address of it has a summary, its problems, and takes a token', async () => {
  expect(document.security).toEqual([{ token: [] }]);
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  expect(operations.length).toBeGreaterThan(6);
  for (const { path, method, operation } of operations) {
    expect(operation.summary, path).toMatch(/^[A-Z]/);
    for (const status of ['401', '403', '429'])
      expect(Object.keys(operation.responses[status]?.content ?? {}), `${method} ${path}`).toEqual([
        'application/problem+json',
      ]);
    if (method !== 'get') continue;
    const url = path.replace('{id}', TEACHERS).replace('{path}', 'teacher-plan.csv');
    expect((await own.get(url, { token: null })).statusCode, path).toBe(401);
  }
});

it('what the API answers has the shape that it says', async () => {
  const ajv = new Ajv2020({ strict: false });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  const asked: [path: string, url: string, status: string, type: string][] = [
    ['/api/v1/snapshots', 'snapshots', '200', 'application/json'],
    ['/api/v1/snapshots/latest', 'snapshots/latest?campaign=113&kind=school-plan', '200', 'application/json'],
    ['/api/v1/snapshots/{id}', `snapshots/${TEACHERS}`, '200', 'application/json'],
    ['/api/v1/snapshots', 'snapshots?kind=x', '400', 'application/problem+json'],
    ['/api/v1/snapshots/{id}', 'snapshots/x', '404', 'application/problem+json'],
  ];
  for (const [path, url, status, type] of asked) {
    const schema = document.paths[path]?.get?.responses[status]?.content?.[type]?.schema as object;
    const validate = ajv.compile(schema);
    const answer = await own.get(url);
    expect(String(answer.statusCode), url).toBe(status);
    expect(validate(answer.json()), `${url} ${JSON.stringify(validate.errors)}`).toBe(true);
    expect(validate({ ...answer.json(), more: 1 })).toBe(false);
  }
});
