import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { codedColumns, isKnownValue } from '../../pipelines/normalise/known-values.ts';
import type { Column } from '../../schemas/columns.ts';
import { CONTRACT_VALUES, CONTRACTS } from '../../schemas/contracts.ts';
import { contractOf, DRIFT_KINDS } from '../../schemas/drift.ts';
import { RECORD_KINDS } from '../../schemas/records.ts';
import { careData } from '../connectors/support/care-server.ts';
import { answerOf, person } from '../connectors/support/cloudschool.ts';
import { mapItem } from '../connectors/support/map-answer.ts';
import { apiLists } from '../connectors/support/oneroster-api.ts';
import { rowsOf } from '../conventions/document-tables.ts';

const published = (type: string): object =>
  JSON.parse(readFileSync(`schemas/published/contract-${type}.schema.json`, 'utf8'));
const accepts = (type: string, value: unknown): boolean =>
  new Ajv2020({ strict: false }).validate(published(type), JSON.parse(JSON.stringify(value)));

it('every value that a contract names is known to the reader of its column, and every coded column is in the contract', () => {
  for (const kind of RECORD_KINDS) {
    expect(Object.keys(CONTRACT_VALUES[kind]).sort()).toEqual([...codedColumns(kind)].sort());
    for (const [column, values] of Object.entries(CONTRACT_VALUES[kind]))
      for (const value of values)
        expect([column, value, isKnownValue(kind, column as Column, value)]).toEqual([column, value, true]);
    for (const column of codedColumns(kind))
      expect([column, isKnownValue(kind, column, '某某某')]).toEqual([column, false]);
  }
});

it('the published contracts take what sources hand over and refuse what is not agreed', () => {
  const { institutions, staff } = careData();
  expect(accepts('care-system', { institutions, staff })).toBe(true);
  expect(accepts('care-system', { institutions: [{ ...institutions[0], sid: 5 }], staff })).toBe(false);
  expect(accepts('kindergarten-map', [mapItem('0940100001', '私立', '甲幼兒園')])).toBe(true);
  expect(accepts('kindergarten-map', [{ sid: 'x' }])).toBe(false);
  expect(accepts('roster-files', [{ name: '王小明', sex: '男' }])).toBe(true);
  expect(accepts('roster-files', [{ sex: '男' }])).toBe(false);
  expect(accepts('course-files', [{ courseCode: 'C1', accountName: 'teacher', state: '取消' }])).toBe(true);
  expect(accepts('course-files', [{ courseCode: 'C1' }])).toBe(false);
  const { 學期教職員, ...others } = answerOf([person(1)]);
  expect(accepts('cloudschool', { ...others, 學期教職員 })).toBe(true);
  expect(accepts('cloudschool', { ...others, 學期教職員: [{ ...學期教職員[0], 任教科目: '國語' }] })).toBe(false);
  const { orgs, users } = apiLists(2, '1.2');
  expect(accepts('oneroster-api', { orgs, users })).toBe(true);
  expect(accepts('oneroster-api', { orgs, users: [{ ...users[0], familyName: 7 }] })).toBe(false);
  const org = { sourcedId: 'O1', type: 'school', identifier: '064601' };
  const user = { sourcedId: 'U1', givenName: '小明', familyName: '王', role: 'teacher', orgSourcedIds: 'O1' };
  expect(accepts('oneroster-files', { orgs: [org], users: [user] })).toBe(true);
  expect(accepts('oneroster-files', { orgs: [org], users: [{ ...user, familyName: undefined }] })).toBe(false);
});

it('docs/configuration.md gives the modes of every kind of source as the code has them', () => {
  const keys: Record<string, string> = {
    'unknown-column': 'sources[].contract.unknownColumn',
    'missing-column': 'sources[].contract.missingColumn',
    'new-value': 'sources[].contract.newValue',
    'wrong-type': 'sources[].contract.wrongType',
  };
  const rows = rowsOf('docs/configuration.md');
  for (const kind of DRIFT_KINDS) {
    const row = rows.find(({ name }) => name === keys[kind]);
    const modes = new Set(Object.keys(CONTRACTS).map((type) => contractOf(type, undefined)[kind]));
    for (const mode of modes) expect(row?.cells.join(' '), kind).toContain(`\`${mode}\``);
  }
});
