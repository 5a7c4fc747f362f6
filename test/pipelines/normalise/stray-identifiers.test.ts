import { expect, it } from 'vitest';
import { makeNormaliser } from '../../../pipelines/normalise/normalise-row.ts';
import type { RawRow } from '../../../schemas/columns.ts';
import type { NormalisedRow } from '../../../schemas/records.ts';

const normalise = makeNormaliser({
  source: 'roster/064601',
  drop: 'roster',
  path: 'school',
  partCode: '064601',
  asOf: '2024-07-30T02:00:00+08:00',
  registeredFallback: '2024-07-30T02:00:00+08:00',
});
const BASE = { institutionCode: '064601', section: '國小', nationalId: 'B123456780', name: '王小明', title: '教師' };
const read = (values: RawRow['values'], kind: RawRow['kind'] = 'staff'): NormalisedRow =>
  normalise({ kind, values: { ...BASE, ...values }, origin: { object: 0, row: 2 } });

function kept(row: NormalisedRow) {
  if (row.outcome !== 'record') throw new Error('the row was rejected');
  return {
    record: row.record,
    warned: row.warnings.filter((w) => w.code === 'id-in-other-column').map((w) => w.column),
  };
}

it.each([
  ['title', '教師(A123456789)', '教師(A****89)'],
  ['title', 'Ａ１２３４５６７８９', 'A****89'],
  ['certificateNo', 'a123456789', 'a****89'],
] as const)('masks an identifier in %s', (column, value, shown) => {
  const { record, warned } = kept(read({ [column]: value }));
  expect(record).toMatchObject({ [column]: shown });
  expect(warned).toEqual([column]);
});

it('masks it among subjects, and drops an address made of it', () => {
  const { record, warned } = kept(read({ subjects: '國語、A123456789', email: 'A123456789@tc.edu.tw' }));
  expect(record).toMatchObject({ subjects: ['國語文', 'A****89'], email: null });
  expect(warned).toEqual(['subjects', 'email']);
});

it.each(['A123456789', '王A123456789'])('rejects a row with %s for a name: its cells shifted', (name) => {
  const row = read({ name });
  expect(row.outcome).toBe('rejected');
  expect(JSON.stringify(row.outcome === 'rejected' && row.issues)).not.toContain('A123456789');
});

it('leaves alone what only looks near it: certificates, phones, school codes, passports', () => {
  const { record, warned } = kept(
    read({
      certificateNo: '國小教字第00123456號',
      phone: '0912345678',
      email: 't12345678@tc.edu.tw',
      title: 'K12 課程教師',
    }),
  );
  expect(record).toMatchObject({
    certificateNo: '國小教字第00123456號',
    email: 't12345678@tc.edu.tw',
    title: 'K12 課程教師',
  });
  expect(warned).toEqual([]);
});

it('keeps them out of accounts too', () => {
  const account = { accountName: 'gfes01', accountKind: 'A123456789', state: '啟用', holderName: '王小明' };
  expect(kept(read(account, 'account')).record).toMatchObject({ accountKind: 'A****89' });
  expect(read({ ...account, accountKind: '總負責人', holderName: 'A123456789' }, 'account').outcome).toBe('rejected');
});

it.each(['appliedBy', 'enabledBy'] as const)('drops it where it stands for %s of an account', (column) => {
  const account = { accountName: 'gfes01', accountKind: '研習承辦人', state: '啟用', [column]: 'A123456789' };
  const { record, warned } = kept(read(account, 'account'));
  expect([record, warned]).toMatchObject([{ [column]: null }, [column]]);
});
