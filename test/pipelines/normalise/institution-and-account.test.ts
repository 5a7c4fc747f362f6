import { expect, test } from 'vitest';
import { sha256 } from '../../../pipelines/normalise/read-identifier.ts';
import { CARE, LIST, normalise, record, rejection } from './support.ts';

test('a school of the list is keyed by code and section', () => {
  const { record: school, warnings } = record(
    { code: '64350', name: '市立龍津高中', section: '高中', ownership: '公立', district: '' },
    'institution',
    LIST,
  );
  expect(school).toMatchObject({
    key: '064350:高中',
    code: '064350',
    ownership: '公立',
    district: null,
    registeredBy: 'arrival',
  });
  expect(warnings).toEqual(['code-zero-restored']);
});

test('a kindergarten of the MOE list is keyed by its code, with the district of its address', () => {
  const { record: garden, warnings } = record(
    {
      code: '061XGZ',
      name: '臺中市私立?葉幼兒園',
      ownership: '私立',
      address: '[412]臺中市大里區新仁里24鄰',
      phone: '(04)22780342',
    },
    'institution',
    LIST,
  );
  expect(garden).toMatchObject({
    key: '061XGZ',
    section: '幼兒園',
    nameDamaged: true,
    district: '大里區',
    address: '[412]臺中市大里區新仁里24鄰',
  });
  expect(warnings).toEqual(['institution-name-damaged']);
});

test('the public map is read: base64 sid, status before the name', () => {
  const { record: garden, warnings } = record(
    { code: 'MAA5ADQAMAAxADAAMAAwADAAMQA=', name: '(準公共)臺中市私立甲子園幼兒園', ownership: 'spub3' },
    'institution',
    CARE,
  );
  expect(garden).toMatchObject({
    key: '0940100001',
    ownership: '私立',
    quasiPublic: true,
    nameKey: '私立甲子園幼兒園',
  });
  expect(warnings).toEqual([]);
});

test('a care-system kindergarten keeps legal class, parent school and review', () => {
  const { record: garden } = record(
    {
      code: '0942800021',
      name: '臺中市大雅區大雅國民小學附設幼兒園',
      ownership: '公立',
      legalClass: '公立學校附設',
      quasiPublic: 'false',
      parentSchoolCode: '64601',
      district: '大雅區',
      status: '營業中',
      review: '異動待審',
      registeredAt: '2024-08-01T02:00:00Z',
    },
    'institution',
    CARE,
  );
  expect(garden).toMatchObject({
    legalClass: '公立學校附設',
    quasiPublic: false,
    parentSchoolCode: '064601',
    review: '異動待審',
    registeredAt: '2024-08-01T10:00:00.000000+08:00',
  });
});

test('ownership that is not given is read from the name, with a warning; else the row is rejected', () => {
  expect(record({ code: '0942800021', name: '臺中市某某非營利幼兒園' }, 'institution', CARE)).toMatchObject({
    record: { ownership: '非營利' },
    warnings: ['ownership-inferred'],
  });
  expect(rejection({ code: '0942800021', name: '某某園' }, 'institution', CARE)).toMatchObject({
    key: '0942800021',
    codes: ['ownership-unknown'],
  });
});

test('an institution without code, name or section is rejected', () => {
  expect(rejection({ name: '市立豐原國小', ownership: '公立' }, 'institution', LIST)).toMatchObject({
    key: null,
    codes: ['code-missing'],
  });
  expect(
    rejection({ code: '064601', name: '', section: '國小', ownership: '公立' }, 'institution', LIST),
  ).toMatchObject({ key: '064601:國小', codes: ['institution-name-missing'] });
  expect(rejection({ code: '064601', name: '豐原', ownership: '公立' }, 'institution', LIST)).toMatchObject({
    key: null,
    codes: ['section-missing'],
  });
  expect(
    rejection({ code: '064601', name: '豐原', section: '國小', ownership: '公立', status: '月球' }, 'institution', LIST)
      .codes,
  ).toEqual(['institution-status-unknown']);
});

const ACCOUNT = {
  institutionCode: '064601',
  accountName: 'FYES01',
  accountKind: '總負責人',
  holderName: '王大文',
  idDigest: sha256('A123456789'),
  state: '啟用',
};

test('R16, R18: a 總負責人 is one however the kind is written; what only sounds like it is none', () => {
  const kindOf = (accountKind: string) => record({ ...ACCOUNT, accountKind }, 'account').record.accountKind;
  for (const kind of [
    '總 負責人',
    '總負責人（校長）',
    '學校總負責人',
    '總負責人員',
    '學校總負責人 (代理)',
    '　總負責人',
  ])
    expect(kindOf(kind), kind).toBe('總負責人');
  for (const kind of ['副總負責人', '研習承辦人（總負責人代理）', '負責人']) expect(kindOf(kind)).toBe(kind);
});

test('an account is keyed by school and name in lower case', () => {
  expect(record({ ...ACCOUNT, enabledOn: '113/8/1', lastLoginAt: '113/8/2 08:00' }, 'account').record).toMatchObject({
    key: '064601:fyes01',
    accountName: 'FYES01',
    state: '啟用',
    enabledOn: '2024-08-01',
    lastLoginAt: '2024-08-02T08:00:00.000000+08:00',
    identifier: { kind: 'hashed' },
    holderName: '王大文',
  });
});

test('R24: an account or an institution registered after its arrival counts from the arrival', () => {
  const late = { registeredAt: '2024-08-02T15:30:01+08:00' };
  const arrived = { registeredAt: '2024-08-02T15:30:00.000000+08:00', registeredBy: 'arrival' };
  const account = record({ ...ACCOUNT, ...late }, 'account');
  expect([account.record, account.warnings]).toEqual([expect.objectContaining(arrived), ['registered-in-future']]);
  const garden = record(
    { code: '0942800021', name: '大雅附設幼兒園', ownership: '公立', ...late },
    'institution',
    CARE,
  );
  expect(garden.record).toMatchObject(arrived);
  expect(garden.warnings).toContain('registered-in-future');
});

test('a sign-in after the arrival of the list cannot be: it is dropped', () => {
  const future = record({ ...ACCOUNT, lastLoginAt: '2031-01-01 08:00' }, 'account');
  expect([future.record, future.warnings]).toEqual([
    expect.objectContaining({ lastLoginAt: null }),
    ['signed-in-in-future'],
  ]);
});

test('I8: an account name that is an identifier, however written, is masked; its digest makes the key', () => {
  const key = `064601:${sha256('A123456789')}`;
  for (const accountName of [
    'a123456789',
    'A123456789',
    'Ａ１２３４５６７８９',
    'A12345-6789',
    ' a1234 56789',
    "'A123456789",
  ]) {
    const { record: account, warnings } = record({ ...ACCOUNT, accountName }, 'account');
    expect([account.key, warnings]).toEqual([key, ['account-name-is-identifier']]);
    expect(account.accountName).toMatch(/^.\*{4}89$/);
  }
  for (const [id, shown] of [
    ['A800000014', 'A****14'],
    ['AA00000009', 'A****09'],
    ['A123456788', 'A****88'],
  ] as const) {
    const { record: account } = record({ ...ACCOUNT, accountName: id, idDigest: '' }, 'account');
    expect([account.key, account.accountName, account.identifier]).toEqual([`064601:${sha256(id)}`, shown, null]);
  }
});

test('I8: a name around an identifier, and a digest as a name, are masked as well; other names stay', () => {
  for (const accountName of ['A123456789@tc.edu.tw', 't_a123456789', sha256('A123456789'), '帳號 A123456789']) {
    const taken = normalise({ ...ACCOUNT, accountName }, 'account');
    expect(JSON.stringify(taken)).not.toMatch(/A123456789/i);
    expect(taken).toMatchObject({ outcome: 'record', warnings: [{ code: 'account-name-is-identifier' }] });
  }
  expect(record({ ...ACCOUNT, accountName: sha256('A123456789') }, 'account').record.key).toBe(
    `064601:${sha256('A123456789')}`,
  );
  for (const accountName of ['064601a01', 'ta0912345678', '5567461', 'wang.123456', 'A12345678']) {
    expect(record({ ...ACCOUNT, accountName }, 'account')).toMatchObject({ record: { accountName }, warnings: [] });
  }
});

test('I8: two accounts whose masked names are equal stay two', () => {
  const [one, two] = ['A123456789', 'A223456789'].map(
    (accountName) => record({ ...ACCOUNT, accountName }, 'account').record,
  );
  expect(one?.accountName).toBe(two?.accountName);
  expect(one?.key).not.toBe(two?.key);
});

test('I8: a rejected account named by an identifier has the same key and tells nothing', () => {
  const refused = rejection({ ...ACCOUNT, accountName: 'A12345-6789\u200b', state: '?' }, 'account');
  expect(refused.key).toBe(`064601:${sha256('A123456789')}`);
  expect(JSON.stringify(refused.issues)).not.toMatch(/6789/);
  const long = rejection({ ...ACCOUNT, accountName: `A12345-6789${'x'.repeat(100)}` }, 'account');
  expect(JSON.stringify(long.issues)).not.toMatch(/6789/);
});

test('an account needs name, kind and a known state; R17: of its own school', () => {
  expect(rejection({ ...ACCOUNT, accountName: '' }, 'account')).toMatchObject({
    key: null,
    codes: ['account-name-missing'],
  });
  expect(rejection({ ...ACCOUNT, accountKind: '', state: '' }, 'account')).toMatchObject({
    key: '064601:fyes01',
    codes: ['account-kind-missing', 'account-state-unknown'],
  });
  expect(rejection({ ...ACCOUNT, institutionCode: '064602' }, 'account').codes).toEqual(['row-of-another-school']);
});

test('a masked holder is dropped, the account stays', () => {
  expect(record({ ...ACCOUNT, holderName: '王○○' }, 'account')).toMatchObject({
    record: { holderName: null },
    warnings: ['name-masked'],
  });
});

test('R20: who applied and who enabled are names that a row can do without; a masked one is dropped', () => {
  expect(record({ ...ACCOUNT, appliedBy: '王小明', enabledBy: '李○○' }, 'account')).toMatchObject({
    record: { appliedBy: '王小明', enabledBy: null },
    warnings: ['name-masked'],
  });
  expect(record(ACCOUNT, 'account')).toMatchObject({ record: { appliedBy: null, enabledBy: null }, warnings: [] });
});
