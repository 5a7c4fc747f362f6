import { expect, test } from 'vitest';
import { sha256 } from '../../../pipelines/normalise/read-identifier.ts';
import { CARE, LIST, record, rejection } from './support.ts';

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

test('an account name that is a plain identifier is hashed in the key', () => {
  expect(record({ ...ACCOUNT, accountName: 'a123456789' }, 'account').record.key).toBe(
    `064601:${sha256('A123456789')}`,
  );
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
