/** Long because one property after the other is asked of the same rows. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeNormaliser } from '../../../pipelines/normalise/normalise-row.ts';
import { sha256 } from '../../../pipelines/normalise/read-identifier.ts';
import {
  ACCOUNT_COLUMNS,
  COURSE_COLUMNS,
  type Column,
  INSTITUTION_COLUMNS,
  STAFF_COLUMNS,
} from '../../../schemas/columns.ts';
import { message } from '../../../schemas/messages/catalogue.ts';
import { ROW_MESSAGES } from '../../../schemas/messages/rows.ts';
import type { Issue, NormalisedRow, RecordKind } from '../../../schemas/records.ts';
import { CARE, LIST, normalise, SCHOOL, type Values } from './support.ts';

const COLUMNS: Record<RecordKind, readonly Column[]> = {
  staff: STAFF_COLUMNS,
  institution: INSTITUTION_COLUMNS,
  account: ACCOUNT_COLUMNS,
  course: COURSE_COLUMNS,
};
const issuesOf = (row: NormalisedRow): Issue[] => (row.outcome === 'record' ? row.warnings : row.issues);

/** Cells as they come: noise, near misses of every column, and values of other columns (shifted cells). */
const cell = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  {
    weight: 3,
    arbitrary: fc.string({
      unit: fc.constantFrom(...'0123456789AZaz*?-/.年月日@陳台○&#;\u200b\u3000()'),
      maxLength: 16,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      '',
      '064601',
      '64601.0',
      '064602',
      'A123456789',
      'A123456788',
      'AA00000009',
      'A12****789',
      sha256('A123456789'),
      '陳大文',
      '陳?文',
      '陳○○',
      '陳&#22531;文',
      '113/08/01',
      '1130801',
      '113/02/30',
      '1970/01/01',
      '45505',
      '2024-08-02 16:59:59',
      '離職',
      '轉入',
      '轉園',
      '教師',
      '園長',
      '男',
      '是',
      '核定',
      '異動待審',
      '國小',
      '幼兒園',
      '0942800021',
      '061K1T',
      '公立',
      '啟用',
      'a@b.tw',
      '0912345678',
    ),
  },
);
const rowOf = fc.constantFrom<RecordKind>('staff', 'institution', 'account', 'course').chain((kind) =>
  fc.record({
    kind: fc.constant(kind),
    values: fc.dictionary(fc.constantFrom(...COLUMNS[kind]), cell, { maxKeys: 24 }),
  }),
);
const context = fc.constantFrom(SCHOOL, CARE, LIST, { ...SCHOOL, partCode: null });

test('no row makes it throw; every answer is a record without errors or a rejection with reasons', () => {
  fc.assert(
    fc.property(context, rowOf, (ctx, { kind, values }) => {
      const row = normalise(values, kind, ctx);
      if (row.outcome === 'rejected') {
        expect(row.issues.length).toBeGreaterThan(0);
        expect(row.key).not.toBe('');
      } else {
        expect(row.record.kind).toBe(kind);
        expect(row.record.key).not.toBe('');
        expect(JSON.stringify(row.record).isWellFormed()).toBe(true);
      }
      for (const issue of issuesOf(row)) {
        for (const language of ['zh', 'en'] as const)
          expect(message(issue.code, issue.params ?? {}, language)).not.toMatch(/\{\w+\}/);
      }
    }),
    { numRuns: 5000 },
  );
});

test('the same row gives the same answer, from a fresh normaliser and from a used one', () => {
  const used = new Map([SCHOOL, CARE, LIST].map((ctx) => [ctx, makeNormaliser(ctx)]));
  fc.assert(
    fc.property(fc.constantFrom(SCHOOL, CARE, LIST), rowOf, (ctx, { kind, values }) => {
      expect(used.get(ctx)!({ kind, values, origin: { object: 0, row: 2 } })).toEqual(normalise(values, kind, ctx));
    }),
    { numRuns: 1000 },
  );
});

/** A record's own values, handed in again as a row. */
function again(record: Extract<NormalisedRow, { outcome: 'record' }>['record']): Values {
  const values: Values = {};
  const put = (column: Column, value: unknown): void => {
    if (value !== null && value !== undefined)
      values[column] = typeof value === 'boolean' ? (value ? '是' : '否') : String(value);
  };
  if (record.kind === 'institution') {
    for (const column of INSTITUTION_COLUMNS) if (column !== 'county') put(column, record[column]);
    return values;
  }
  put('institutionCode', record.institutionCode);
  put('section', record.institutionSection);
  put('registeredAt', record.registeredAt);
  if (record.kind === 'course') {
    for (const column of ['courseCode', 'courseName', 'accountName', 'state', 'endsOn'] as const)
      put(column, record[column]);
    return values;
  }
  put(
    record.identifier?.plain === undefined ? 'idDigest' : 'nationalId',
    record.identifier?.plain ?? record.identifier?.digest,
  );
  if (record.kind === 'account') {
    for (const column of ['accountName', 'accountKind', 'holderName', 'state', 'enabledOn', 'lastLoginAt'] as const)
      put(column, record[column]);
    return values;
  }
  // Whatever named the record the first time, it is somebody's.
  put('staffId', 'once more');
  for (const column of [
    'name',
    'sex',
    'birthDate',
    'title',
    'primary',
    'startOn',
    'endOn',
    'endReason',
    'email',
    'phone',
    'certificateNo',
    'review',
    'reviewing',
  ] as const)
    put(column, record[column]);
  put('titleKind', record.titleCode);
  put('subjects', record.subjects.join('、'));
  return values;
}

test('a record handed in again comes out the same', () => {
  fc.assert(
    fc.property(context, rowOf, (ctx, { kind, values }) => {
      const first = normalise(values, kind, ctx);
      if (first.outcome !== 'record') return;
      const second = normalise(again(first.record), kind, ctx);
      if (second.outcome !== 'record') throw new Error(`rejected: ${JSON.stringify(second.issues)}`);
      const apart = {
        key: '',
        accountKey: '',
        registeredBy: 'source',
        onLeave: false,
        leaveChangedOn: null,
        institutionSection: null,
      };
      expect({ ...second.record, ...apart }).toEqual({ ...first.record, ...apart });
    }),
    { numRuns: 5000 },
  );
});

const digits = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`));
const personal = {
  nationalId: fc.oneof(
    fc
      .tuple(fc.constantFrom('A', 'b', 'Ｆ'), fc.constantFrom('1', '2', '3', 'A'), digits(8))
      .map((parts) => parts.join('')),
    digits(10),
    fc.stringMatching(/^[A-Z]{1,4}\*{0,3}[0-9]{7,9}$/),
  ),
  idDigest: fc.oneof(fc.stringMatching(/^[0-9a-f]{64}$/), fc.stringMatching(/^[0-9a-f]{20,63}$/)),
  name: fc.oneof(
    fc.stringMatching(/^[陳林王黃][大小文美]{1,2}$/),
    fc.stringMatching(/^[陳林王]\?[文美]$/),
    fc.stringMatching(/^[文美]{51,60}$/),
  ),
  birthDate: fc.oneof(digits(7), fc.stringMatching(/^[1-9]\d{1,3}\/[1-9]\d\/[1-9]\d$/)),
  email: fc.stringMatching(/^[a-z]{3,9}[@ ][a-z]{2,9}$/),
  phone: fc.oneof(digits(9), fc.stringMatching(/^[a-z]{2}\d{6,9}$/)),
  staffId: fc.stringMatching(/^[A-Z]\d{9}$/),
  certificateNo: fc.stringMatching(/^中小字\d{5}\u200b第\d{4}$/),
};

test('no issue and no message ever holds a full personal value, in its own column or a shifted one', () => {
  const values = fc.record({
    ...personal,
    institutionCode: fc.constantFrom('064601', '064602', 'X'),
    change: fc.constantFrom('', '離職', '?'),
  });
  const shifted = fc.record({
    institutionCode: personal.nationalId,
    title: fc.stringMatching(/^[a-z]{3,9}@[a-z]{2,9}$/),
    section: personal.nationalId,
    change: personal.phone,
    sex: personal.birthDate,
    primary: personal.nationalId,
    titleKind: personal.idDigest,
    review: personal.nationalId,
    changeDate: personal.phone,
  });
  fc.assert(
    fc.property(
      context,
      fc.oneof(
        values,
        shifted,
        fc.tuple(values, shifted).map(([a, b]) => ({ ...a, ...b })),
      ),
      (ctx, row) => {
        const issues = issuesOf(normalise(row as Values, 'staff', ctx));
        const told =
          JSON.stringify(issues) +
          issues
            .map(
              (issue) => message(issue.code, issue.params ?? {}, 'zh') + message(issue.code, issue.params ?? {}, 'en'),
            )
            .join('');
        for (const [column, value] of Object.entries(row)) {
          if (value.length < 2 || ['064601', '064602', '離職'].includes(value)) continue;
          if (told.includes(value)) throw new Error(`${column} leaks ${value}: ${told}`);
        }
      },
    ),
    { numRuns: 5000 },
  );
});

test('no key holds a plain identifier', () => {
  fc.assert(
    fc.property(fc.constantFrom(SCHOOL, CARE), fc.record(personal, { requiredKeys: ['nationalId'] }), (ctx, values) => {
      const row = normalise({ ...values, institutionCode: ctx === CARE ? '0942800021' : '064601' }, 'staff', ctx);
      const key = row.outcome === 'record' ? row.record.key : row.key;
      const plain = values.nationalId.normalize('NFKC').toUpperCase();
      if (key?.toUpperCase().includes(plain)) throw new Error(`${key} holds ${plain}`);
    }),
  );
});

const broken = (code: string, kind: RecordKind, values: Values) =>
  makeNormaliser(SCHOOL)({
    kind,
    values,
    origin: { object: 1, row: 7 },
    issues: [{ code, column: null, value: null }],
  });

test('a row whose cells may have shifted is rejected without a look at its values', () => {
  expect(broken('raw-quotes', 'staff', { name: '陳大文', nationalId: 'A123456789', birthDate: '70/05/06' })).toEqual({
    outcome: 'rejected',
    kind: 'staff',
    key: null,
    person: null,
    issues: [{ code: 'raw-quotes', column: null, value: null }],
    origin: { object: 1, row: 7 },
  });
});

test('I12: a fault in one cell, or against the contract, leaves the row the key of a whole identifier', () => {
  const values = { name: '陳大文', nationalId: 'A123456789', title: '#REF!' };
  const good = normalise(values);
  const key = good.outcome === 'record' ? good.record.key : null;
  expect(key).toContain(sha256('A123456789'));
  for (const code of [
    'raw-cell-error',
    'raw-cell-too-long',
    'raw-character-broken',
    'raw-formula-without-value',
    'drift-new-value',
  ])
    expect([code, broken(code, 'staff', values)]).toEqual([code, expect.objectContaining({ key })]);
  // The faulty cell may be the one that names it: a name and a birth date alone are not believed.
  for (const nationalId of ['#N/A', 'A123456788', ''])
    expect(broken('raw-cell-error', 'staff', { ...values, nationalId })).toMatchObject({ key: null });
  expect(
    broken('drift-new-value', 'account', { accountName: 'tc01', accountKind: '總負責人', state: '啟用' }),
  ).toMatchObject({ key: '064601:tc01' });
  expect(broken('raw-cell-error', 'account', { accountName: '#N/A' })).toMatchObject({ key: null });
});

test('a context without real moments is a programming error', () => {
  expect(() => makeNormaliser({ ...SCHOOL, asOf: 'today' })).toThrow(RangeError);
});

test('every message speaks both languages and names the same places', () => {
  for (const [code, entry] of Object.entries(ROW_MESSAGES)) {
    const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
    expect([code, places(entry.zh)]).toEqual([code, places(entry.en)]);
    expect(entry.zh).toMatch(/\p{Script=Han}/u);
  }
});
