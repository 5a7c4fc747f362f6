import { expect, it } from 'vitest';
import { ContractGate } from '../../../pipelines/landing/contract-gate.ts';
import type { RawRow } from '../../../schemas/columns.ts';
import {
  type ContractModes,
  contractOf,
  DRIFT_KINDS,
  DRIFT_MODES,
  type DriftMode,
  type SourceShape,
} from '../../../schemas/drift.ts';

const modes = (mode: DriftMode): ContractModes =>
  contractOf('care-system', { unknownColumn: mode, missingColumn: mode, newValue: mode, wrongType: mode });
const FIELDS = [
  { name: '姓名', column: 'name' },
  { name: '性別', column: 'sex' },
  { name: '備註', column: null },
];
const ACCEPTED: SourceShape = { fields: FIELDS, values: {} };
const staff = (values: RawRow['values'], more: Partial<RawRow> = {}): RawRow => ({
  kind: 'staff',
  values,
  origin: { object: 0, row: 2 },
  ...more,
});
const WEIGHT = { kind: 'unknown-column', field: 'staff.weight', column: null } as const;
const NUMBER = {
  kind: 'wrong-type',
  field: 'staff.birthDate',
  column: 'birthDate',
  expected: 'string',
  found: 'number',
} as const;

/** One row with everything that a row can have, a column more and a column less. */
function everything(mode: DriftMode) {
  const gate = new ContractGate(modes(mode), ACCEPTED);
  const row = gate.pass(staff({ name: '王小明', sex: '第三性' }, { drift: [WEIGHT, NUMBER] }));
  const verdict = gate.finish([FIELDS[0]!, FIELDS[1]!, { name: '血型', column: null }]);
  return {
    row,
    verdict,
    told: verdict.drift.map(({ kind, field, before, after, rows }) => [kind, field, before, after, rows]),
  };
}
const TOLD = [
  ['unknown-column', 'staff.weight', null, 'staff.weight', 1],
  ['wrong-type', 'staff.birthDate', 'string', 'number', 1],
  ['new-value', 'sex', '男、女', '第三性', 1],
  ['unknown-column', '血型', null, '血型', 1],
  ['missing-column', '備註', '備註', null, 1],
];

it('accept takes everything without a word, and what came is the shape from then on', () => {
  const { row, verdict, told } = everything('accept');
  expect([row.issues, told, verdict.refused, verdict.everyRow]).toEqual([undefined, [], false, {}]);
  expect(verdict.accepted.fields.map((f) => f.name)).toEqual(['姓名', '性別', '血型']);
});

it('report takes everything and tells it, and the accepted shape stays until a person accepts', () => {
  const { row, verdict, told } = everything('report');
  expect([row.issues, told, verdict.refused, verdict.everyRow]).toEqual([undefined, TOLD, false, {}]);
  expect(verdict.accepted).toEqual(ACCEPTED);
  expect(verdict.observed.values).toEqual({ sex: ['第三性'] });
});

it('quarantine-row keeps out the rows that have it, and every row where a column is more or less', () => {
  const { row, verdict, told } = everything('quarantine-row');
  expect(row.issues?.map((issue) => issue.code)).toEqual([
    'drift-unknown-column',
    'drift-wrong-type',
    'drift-new-value',
  ]);
  expect([told, verdict.refused, verdict.everyRow.staff?.code]).toEqual([TOLD, false, 'drift-unknown-column']);
});

it('quarantine-source keeps the whole delivery out', () => {
  const { row, verdict, told } = everything('quarantine-source');
  expect([row.issues, told, verdict.refused]).toEqual([undefined, TOLD, true]);
});

it('nothing to tell keeps nobody out, whatever the mode', () => {
  for (const mode of DRIFT_MODES) {
    const gate = new ContractGate(modes(mode), ACCEPTED);
    const given = staff({ name: '王小明', sex: ' 男 ', change: '', endReason: '無' });
    expect(gate.pass(given)).toBe(given);
    expect(gate.finish(FIELDS)).toMatchObject({ drift: [], refused: false, everyRow: {} });
  }
});

it('the type of a field that nothing is made of is told and costs no row', () => {
  const gate = new ContractGate(modes('quarantine-row'), ACCEPTED);
  const point = { kind: 'wrong-type', field: 'lat', column: null, expected: 'number', found: 'string' } as const;
  expect(gate.pass(staff({}, { drift: [point] })).issues).toBeUndefined();
  expect(gate.finish(FIELDS).drift).toMatchObject([{ kind: 'wrong-type', field: 'lat', mode: 'report' }]);
});

it('the first delivery is its own measure, but for values and types, which the contract has', () => {
  const gate = new ContractGate(modes('report'), null);
  gate.pass(staff({ sex: '第三性' }, { drift: [WEIGHT, NUMBER] }));
  const verdict = gate.finish(FIELDS);
  expect(verdict.drift.map((d) => d.kind)).toEqual(['wrong-type', 'new-value']);
  expect(verdict.accepted).toEqual(ACCEPTED);
});

it('a column under another title is the same column; an accepted value and field are no drift', () => {
  const gate = new ContractGate(modes('report'), {
    fields: [...FIELDS, { name: 'staff.weight', column: null, types: ['number'] }],
    values: { sex: ['第三性'] },
  });
  gate.pass(staff({ sex: '第三性' }, { drift: [WEIGHT] }));
  const fields = [
    { name: '教師姓名', column: 'name' },
    ...FIELDS.slice(1),
    { name: 'staff.weight', column: null, types: ['number'] },
  ];
  expect(gate.finish(fields).drift).toEqual([]);
});

it('a title that is still there is neither missing nor new when its mapping changes, and its new column is taken without a word', () => {
  for (const mode of DRIFT_MODES) {
    for (const [before, after] of [
      ['name', null],
      [null, 'name'],
      ['sex', 'name'],
    ] as const) {
      const gate = new ContractGate(modes(mode), { fields: [{ name: '老師大名', column: before }], values: {} });
      gate.pass(staff({ name: '王小明' }));
      const verdict = gate.finish([{ name: '老師大名', column: after }]);
      expect(verdict).toMatchObject({ drift: [], refused: false, everyRow: {} });
      expect(verdict.accepted.fields).toEqual([{ name: '老師大名', column: after }]);
    }
  }
});

it('beside what is told, the accepted shape takes the new mapping of what is still there', () => {
  const fields = [
    { name: '老師大名', column: null },
    { name: '備註', column: null },
  ];
  const gate = new ContractGate(modes('report'), { fields, values: {} });
  gate.pass(staff({ name: '王小明' }));
  const verdict = gate.finish([{ name: '老師大名', column: 'name' }]);
  expect(verdict.drift.map(({ kind, field }) => [kind, field])).toEqual([['missing-column', '備註']]);
  expect(verdict.accepted.fields).toEqual([
    { name: '老師大名', column: 'name' },
    { name: '備註', column: null },
  ]);
});

it('a title that is gone, and whose column no other title gives, is missing whatever it was mapped to', () => {
  for (const column of ['name', null]) {
    const gate = new ContractGate(modes('report'), { fields: [{ name: '老師大名', column }, FIELDS[1]!], values: {} });
    gate.pass(staff({ sex: '男' }));
    expect(gate.finish([FIELDS[1]!]).drift.map(({ kind, field }) => [kind, field])).toEqual([
      ['missing-column', '老師大名'],
    ]);
  }
});

it('a field that one kind of record lost keeps out rows of that kind only', () => {
  const code = { name: 'institutions.sid', column: 'code', types: ['string'], kind: 'institution' as const };
  const name = { name: 'staff.name', column: 'name', types: ['string'], kind: 'staff' as const };
  const gate = new ContractGate(modes('quarantine-row'), { fields: [code, name], values: {} });
  gate.pass(staff({}));
  gate.pass({ ...staff({}), kind: 'institution' });
  const verdict = gate.finish([name]);
  expect(Object.keys(verdict.everyRow)).toEqual(['institution']);
  expect(verdict.drift.map((d) => d.rows)).toEqual([1]);
});

it('a value that looks like a person is masked, and shifted columns are told up to a bound', () => {
  const gate = new ContractGate(modes('report'), ACCEPTED);
  for (let i = 0; i < 500; i++) gate.pass(staff({ sex: `A1${String(i).padStart(8, '0')}` }));
  const told = gate.finish(FIELDS);
  expect(told.drift.length).toBeLessThanOrEqual(30);
  expect(JSON.stringify(told)).not.toMatch(/A1\d{8}/);
});

it('every kind of source has a mode for every kind of drift, and the configuration wins', () => {
  for (const type of [
    'care-system',
    'kindergarten-map',
    'institution-list',
    'roster-files',
    'account-files',
    'a-new-one',
  ])
    expect(Object.keys(contractOf(type, undefined)).sort()).toEqual([...DRIFT_KINDS].sort());
  expect(contractOf('roster-files', undefined)['unknown-column']).toBe('accept');
  expect(contractOf('roster-files', { unknownColumn: 'quarantine-source' })['unknown-column']).toBe(
    'quarantine-source',
  );
});
