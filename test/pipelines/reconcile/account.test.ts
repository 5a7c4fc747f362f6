/** The life of a business account, whatever a school says of it and 本市教師研習中心 does: held against the rules' own words, not against the table. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { centreOtherwise, reconcileAccount } from '../../../pipelines/reconcile/account.ts';
import { TRANSITIONS } from '../../../pipelines/reconcile/account-transitions.ts';
import { message, messageCodes } from '../../../schemas/messages/catalogue.ts';
import type { AccountRow } from '../../../schemas/plan.ts';
import { ACCOUNT_STATES, LEAD_KIND } from '../../../schemas/records.ts';
import '../../support/seeded.ts';

const ROW: AccountRow = {
  source: 'accounts/064601',
  key: '064601:tc01',
  institution_key: 'schools:064601:國小',
  account_name: 'tc01',
  account_kind: '研習承辦人',
  id_hmac: 'aa',
  holder_name: '王小明',
  state: '啟用',
  enabled_on: null,
  last_login_at: null,
  applied_by: null,
  enabled_by: null,
  registered_at: '2024-08-01T10:00:00+08:00',
  object_id: 1,
  row_no: 2,
  account_id: 7,
  blocking: null,
  first_picture: false,
  missing: false,
  moved: false,
  one_person: false,
  digest: '3fa9c1d2',
  confirmed: false,
  centre_state: null,
  set_aside: false,
  current: null,
};
type Known = Partial<Pick<AccountRow, 'account_kind' | 'id_hmac' | 'holder_name' | 'state'>>;
/** The account as it is known, and a row of it. */
const known = (of: Known = {}, row: Partial<AccountRow> = {}): AccountRow => {
  const { account_kind, id_hmac, holder_name, state, enabled_on, last_login_at, applied_by, enabled_by } = ROW;
  const current = { account_kind, id_hmac, holder_name, state, enabled_on, last_login_at, applied_by, enabled_by };
  return { ...ROW, ...of, ...row, current: { ...current, ...of, valid_to: 'infinity' } };
};
const told = (row: AccountRow) => {
  const { change, finding } = reconcileAccount(row);
  return [change && `${change.action} ${change.rule}`, finding?.code ?? null];
};
const LEAD = { account_kind: LEAD_KIND };

describe('an ordinary account', () => {
  it('goes 申請中, 啟用, 停用, 啟用, 刪除, and from there to nobody else (R20, R22, R19)', () => {
    expect(told({ ...ROW, state: '申請中' })).toEqual(['add R20', null]);
    expect(told(known({ state: '申請中' }, { state: '啟用' }))).toEqual(['change R20', null]);
    expect(told(known({ state: '啟用' }, { state: '停用' }))).toEqual(['change R16', null]);
    expect(told(known({ state: '停用' }, { state: '啟用' }))).toEqual(['change R16', null]);
    expect(told(known({ state: '停用' }, { state: '刪除' }))).toEqual(['end R22', null]);
    const gone = known({}, { state: '啟用' });
    const deleted = { ...gone, current: { ...gone.current, valid_to: '2024-08-01' } };
    expect(told(deleted)).toEqual(['add R19', null]);
    for (const other of [{ id_hmac: 'bb' }, { id_hmac: null }, { id_hmac: null, holder_name: null }])
      expect(told({ ...deleted, ...other })).toEqual([null, 'account-name-returned']);
    expect(told({ ...gone, state: '刪除', current: { ...gone.current, valid_to: '2024-08-01' } })).toEqual([
      null,
      null,
    ]);
    expect(told({ ...ROW, state: '刪除' })).toEqual([null, null]);
  });

  it('does not become one that is applied for while it is enabled', () => {
    const { change, finding } = reconcileAccount(known({}, { state: '申請中' }));
    expect([change, finding?.code, finding?.params]).toEqual([
      null,
      'account-state-refused',
      { from: '啟用', to: '申請中' },
    ]);
  });

  it('stays in its section, whatever else its row says', () => {
    expect(told(known({}, { moved: true }))).toEqual([null, 'account-section-changed']);
    expect(told(known({}, { moved: true, state: '停用' }))).toEqual([null, 'account-section-changed']);
    expect(told(known({}, { state: '停用' }))).toEqual(['change R16', null]);
  });

  it('R19: that another person has it is recorded as it is said', () => {
    expect(told(known({}, { id_hmac: 'bb', holder_name: '李大華' }))).toEqual(['change R16', null]);
  });
});

describe('an account of a 總負責人', () => {
  it.each([
    ['啟用', '停用', '異動'],
    ['停用', '啟用', '開通'],
    ['申請中', '啟用', '開通'],
    ['啟用', '刪除', '刪除'],
  ] as const)('R18: does not go from %s to %s by the file of its school: %s is asked for', (from, to, asked) => {
    const row = known({ ...LEAD, state: from }, { ...LEAD, state: to });
    const { change, finding } = reconcileAccount(row);
    expect([change, finding?.code, finding?.params]).toEqual([
      null,
      'account-lead-requested',
      { asked, digest: '3fa9c1d2' },
    ]);
    expect(reconcileAccount({ ...row, confirmed: true }).change).toMatchObject({
      rule: 'R18',
      reason: expect.stringMatching(/^帳號/),
    });
    expect(reconcileAccount({ ...row, confirmed: true }).finding).toBeNull();
  });

  it('R18: is not made of another kind, nor another kind of it', () => {
    expect(told(known({}, LEAD))).toEqual([null, 'account-lead-requested']);
    expect(told(known(LEAD, { account_kind: '研習承辦人' }))).toEqual([null, 'account-lead-requested']);
  });

  it('R18: is taken as it is from the first file of a school; a sign-in is no change of it', () => {
    expect(told({ ...ROW, ...LEAD, first_picture: true })).toEqual(['add R16', null]);
    expect(told({ ...ROW, ...LEAD })).toEqual([null, 'account-lead-requested']);
    const later = { ...LEAD, last_login_at: '2024-08-01T08:00:00+08:00' };
    expect(told(known(LEAD, later))).toEqual(['change R16', null]);
  });

  it('R19: is not given to another person, whoever confirmed it; one who cannot be told is asked about', () => {
    const other = { ...LEAD, id_hmac: 'bb', holder_name: '李大華' };
    expect(told(known(LEAD, other))).toEqual([null, 'account-lead-handed-over']);
    expect(told(known(LEAD, { ...other, confirmed: true }))).toEqual([null, 'account-lead-handed-over']);
    expect(told(known(LEAD, { ...other, one_person: true }))).toEqual([null, 'account-lead-requested']);
    expect(told(known(LEAD, { ...other, id_hmac: null }))).toEqual([null, 'account-lead-requested']);
  });

  it('R18: is nobody’s to take back once the centre granted the application', () => {
    const applied = (state: AccountRow['state'], row: Partial<AccountRow> = {}) =>
      told(known({ ...LEAD, state: '申請中' }, { ...LEAD, state, ...row }));
    for (const state of ['刪除', '停用'] as const) {
      expect(applied(state)[1]).toBeNull();
      expect(applied(state, { centre_state: '啟用' })).toEqual([null, 'account-lead-requested']);
      expect(applied(state, { centre_state: state, confirmed: true })[1]).toBeNull();
    }
  });

  it('R18: that the centre did what the school took back is told', () => {
    const otherwise = (from: AccountRow['state'], to: AccountRow['state'], centre: AccountRow['state'] | null) =>
      centreOtherwise(known({ ...LEAD, state: from }, { ...LEAD, state: to, centre_state: centre }))?.params ?? null;
    expect(otherwise('啟用', '啟用', '刪除')).toEqual({ centre: '刪除', told: '啟用', known: '啟用' });
    const agreed = [
      otherwise('啟用', '刪除', '刪除'),
      otherwise('停用', '啟用', '停用'),
      otherwise('啟用', '啟用', null),
    ];
    expect(agreed).toEqual([null, null, null]);
    expect(otherwise('申請中', '申請中', '啟用')).toBeNull();
    expect(centreOtherwise(known({}, { centre_state: '刪除' }))).toBeNull();
  });

  it('R18: is not asked for any more once the complete list has it no more, unless it is to be deleted', () => {
    const gone = (state: AccountRow['state'], row: Partial<AccountRow> = {}) =>
      told(known(LEAD, { ...LEAD, state, missing: true, ...row }));
    expect(gone('停用')).toEqual([null, null]);
    expect(gone('啟用', { id_hmac: 'bb', holder_name: '李大華' })).toEqual([null, null]);
    expect(gone('刪除')).toEqual([null, 'account-lead-requested']);
    expect(gone('刪除', { blocking: ['C1'] })).toEqual([null, 'account-deletion-blocked']);
  });

  it('R19: is not given away in two files: who is left out stays, and another name, or another identifier under it, is asked about', () => {
    expect(told(known(LEAD, { ...LEAD, id_hmac: null, holder_name: null }))).toEqual([null, null]);
    expect(told(known(LEAD, { ...LEAD, id_hmac: null }))).toEqual([null, null]);
    const { change } = reconcileAccount(known({ ...LEAD }, { ...LEAD, id_hmac: null, last_login_at: '2024-08-01' }));
    expect(change?.after).toMatchObject({ id_hmac: 'aa', holder_name: '王小明' });
    const nobody = { ...LEAD, id_hmac: null, holder_name: null };
    expect(told(known(nobody, { ...LEAD, id_hmac: 'bb', holder_name: '李大華' }))).toEqual([
      null,
      'account-lead-requested',
    ]);
    expect(told(known(LEAD, { ...LEAD, id_hmac: 'bb' }))).toEqual([null, 'account-lead-requested']);
    expect(told(known(LEAD, { ...LEAD, id_hmac: 'bb', one_person: true }))).toEqual(['change R16', null]);
    expect(told(known(LEAD, { ...LEAD, holder_name: '李大華' }))).toEqual([null, 'account-lead-requested']);
    expect(told(known({ ...LEAD, id_hmac: null }, { ...LEAD, id_hmac: 'bb' }))).toEqual(['change R16', null]);
  });

  it('R21 comes first: what 本市教師研習中心 did does not delete one whose courses are not through', () => {
    const row = known(LEAD, { ...LEAD, state: '刪除', blocking: ['C2'], confirmed: true });
    expect(told(row)).toEqual([null, 'account-deletion-blocked']);
    expect(told({ ...row, blocking: null })).toEqual(['end R18', null]);
  });
});

it('the table has one line a transition', () => {
  expect(new Set(TRANSITIONS.map(({ from, to }) => `${from} ${to}`)).size).toBe(TRANSITIONS.length);
});

const kind = fc.constantFrom(LEAD_KIND, '研習承辦人');
const word = fc.record({
  state: fc.constantFrom(...ACCOUNT_STATES),
  account_kind: kind,
  id_hmac: fc.constantFrom('aa', 'bb', null),
  holder_name: fc.constantFrom('王小明', '李大華', null),
  blocking: fc.option(fc.constant<string[]>(['C1', 'C2'])),
  confirmed: fc.boolean(),
});

it('R18, R19, R21, R22: whatever is said night after night, one thing comes of it, what is refused changes nothing, and nothing changes twice', () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), (words) => {
      let current: AccountRow['current'] = null;
      for (const [night, said] of words.entries()) {
        const row: AccountRow = {
          ...ROW,
          ...said,
          current,
          first_picture: night === 0,
          account_id: current ? 7 : null,
        };
        const before: Record<string, unknown> | null = current;
        const open = before !== null && before.valid_to === 'infinity';
        const { change, finding } = reconcileAccount(row);
        expect(change === null || finding === null, 'a refusal changes nothing').toBe(true);
        if (finding !== null) {
          expect(messageCodes()).toContain(finding.code);
          expect(message(finding.code, finding.params, 'zh')).not.toMatch(/\{\w+\}/);
        }
        if (change !== null) {
          const one = row.id_hmac !== null && (row.id_hmac === before?.id_hmac || row.one_person);
          expect(before === null || open || one, 'R19: a freed name comes back').toBe(true);
          expect(change.action).toBe(before === null || !open ? 'add' : row.state === '刪除' ? 'end' : 'change');
          if (row.state === '刪除') expect(row.blocking, 'R21').toBeNull();
          const lead = [row.account_kind, before?.account_kind].includes(LEAD_KIND);
          const enabled = row.state === '啟用' && before?.state !== '啟用';
          const differs = before?.state !== row.state || before.account_kind !== row.account_kind;
          const stood = open && before.state !== '申請中';
          if (lead && (enabled || (stood && differs))) expect(row.confirmed || row.first_picture, 'R18').toBe(true);
          const ids = [before?.id_hmac ?? null, row.id_hmac];
          const two = !ids.includes(null) && ids[0] !== ids[1] && before?.holder_name !== row.holder_name;
          if (lead && two) expect(row.state, 'R19').toBe('刪除');
          current = { ...change.after, valid_to: change.action === 'end' ? '2024-08-01' : 'infinity' };
        }
        const again = reconcileAccount({ ...row, current, account_id: current ? 7 : null });
        expect(again.change, 'the same again').toBeNull();
        expect(again.finding, 'what was taken is not asked about').toEqual(change === null ? finding : null);
      }
    }),
    { numRuns: 5000 },
  );
});
