import { describe, expect, test } from 'vitest';
import { nameKey } from '../../../pipelines/normalise/person-name.ts';
import { sha256 } from '../../../pipelines/normalise/read-identifier.ts';
import { message } from '../../../schemas/messages/catalogue.ts';
import { CARE, record, rejection, SCHOOL, type Values } from './support.ts';

const DIGEST = '51ff20a57253f7f0ee3a9bffe86a86a2141c716b2f554b2bf6429df50e538c13';
const WANG: Values = { institutionCode: '064601', nationalId: 'A123456789', name: '王大文' };

test('a school row becomes a record', () => {
  const { record: staff, warnings } = record(
    {
      ...WANG,
      section: '國小',
      sex: '1',
      birthDate: '68/12/23',
      title: '資訊組長',
      subjects: '國語、數學',
      primary: '否',
      registeredAt: '113/08/02 15:29',
      email: 'wang@TC.edu.tw',
      phone: '0912-345-678',
      certificateNo: ' 中小字第1號 ',
    },
    'staff',
  );
  expect(warnings).toEqual([]);
  expect(staff).toEqual({
    kind: 'staff',
    key: `064601:國小:${DIGEST}`,
    institutionCode: '064601',
    institutionSection: '國小',
    identifier: { kind: 'national', plain: 'A123456789', digest: DIGEST, strong: true },
    name: '王大文',
    nameKey: '王大文',
    sex: '男',
    birthDate: '1979-12-23',
    title: '資訊組長',
    titleCode: 5,
    subjects: ['國語文', '數學'],
    primary: false,
    startOn: null,
    endOn: null,
    endReason: null,
    onLeave: false,
    leaveChangedOn: null,
    email: 'wang@tc.edu.tw',
    phone: '0912345678',
    certificateNo: '中小字第1號',
    review: '核定',
    reviewing: null,
    registeredAt: '2024-08-02T15:29:00.000000+08:00',
    registeredBy: 'source',
  });
});

test('a row without a registration time is registered by its arrival', () => {
  expect(record(WANG, 'staff').record).toMatchObject({
    registeredAt: '2024-08-02T15:30:00.000000+08:00',
    registeredBy: 'arrival',
  });
  const odd = record({ ...WANG, registeredAt: '昨天' }, 'staff');
  expect([odd.record.registeredBy, odd.warnings]).toEqual(['arrival', ['moment-unreadable']]);
  const day = record({ ...WANG, registeredAt: '113/08/02' }, 'staff');
  expect([day.record.registeredAt, day.warnings]).toEqual([
    '2024-08-02T00:00:00.000000+08:00',
    ['moment-without-time'],
  ]);
});

test('R24: a registration time after the arrival cannot be: the arrival stands in, to the microsecond and in whatever form', () => {
  const arrival = '2024-08-02T15:30:00.000000+08:00';
  const taken = (registeredAt: string, context = SCHOOL) => {
    const { record: staff, warnings } = record({ ...WANG, registeredAt }, 'staff', context);
    return [staff.registeredAt, staff.registeredBy, ...warnings];
  };
  for (const same of ['113/08/02 15:30:00', '2024-08-02T07:30:00Z', '2024-08-02T15:30:00.0000004+08:00'])
    expect(taken(same)).toEqual([arrival, 'source']);
  for (const later of ['113/08/02 15:30:01', '2024-08-02T15:30:00.000001+08:00', '2024-08-02T07:31:00Z', '113/8/3'])
    expect(taken(later)).toEqual(expect.arrayContaining([arrival, 'arrival', 'registered-in-future']));
  expect(taken('2024-08-02T17:31:00+10:00', { ...SCHOOL, registeredFallback: '2024-08-02T07:31:00.5Z' })).toEqual([
    '2024-08-02T15:31:00.000000+08:00',
    'source',
  ]);
});

test('R24: what the care system updated after the moment of its own picture is registered at that moment', () => {
  const { record: staff, warnings } = record(
    { ...CARE_ROW, registeredAt: '2024-08-02T15:30:00.5+08:00' },
    'staff',
    CARE,
  );
  expect([staff.registeredAt, staff.registeredBy, warnings]).toEqual([
    '2024-08-02T15:30:00.000000+08:00',
    'arrival',
    ['registered-in-future'],
  ]);
});

test('the file speaks for its school: a missing code is filled, another one rejects the row', () => {
  expect(record({ ...WANG, institutionCode: '' }, 'staff').record.institutionCode).toBe('064601');
  expect(record({ ...WANG, institutionCode: '64601' }, 'staff').warnings).toEqual(['code-zero-restored']);
  const other = rejection({ ...WANG, institutionCode: '064602' });
  expect(other.codes).toEqual(['row-of-another-school']);
  expect(other.issues[0]?.params).toEqual({ expected: '064601', found: '064602' });
  expect(other.key).toBe(`064601::${DIGEST}`);
});

test('R11: a kindergarten row in a school file is refused, with its key', () => {
  const refused = rejection({ ...WANG, section: '幼兒園' });
  expect([refused.codes, refused.key]).toEqual([['kindergarten-row-in-school-file'], `064601:幼兒園:${DIGEST}`]);
  expect(record({ ...WANG, title: '教保員' }, 'staff').warnings).toEqual(['kindergarten-title-in-school-file']);
});

test('the key is the source id, else the digest, else name and birth date', () => {
  expect(record({ ...WANG, staffId: 'S-001' }, 'staff').record.key).toBe('S-001');
  expect(record({ institutionCode: '064601', idDigest: DIGEST, name: '王大文' }, 'staff').record.key).toBe(
    `064601::${DIGEST}`,
  );
  const nameless = record({ institutionCode: '064601', name: '王羣', birthDate: '68/12/23' }, 'staff');
  expect(nameless.record.key).toBe(`064601::${sha256(`${nameKey('王群')}|1979-12-23`).slice(0, 32)}`);
  expect(nameless.warnings).toEqual(['id-missing']);
});

test('a source id that is a plain identifier is hashed in the key', () => {
  for (const staffId of ['a123456789', 'A12345-6789'])
    expect(record({ ...WANG, staffId }, 'staff').record.key).toBe(`id:${DIGEST}`);
});

test('a weak identifier still makes the key, an unusable one makes none', () => {
  const weak = record({ ...WANG, nationalId: 'A123456788' }, 'staff');
  expect([weak.record.key, weak.warnings]).toEqual([`064601::${sha256('A123456788')}`, ['id-checksum']]);
  expect(rejection({ ...WANG, nationalId: 'A12****789' })).toMatchObject({ key: null, codes: ['id-masked'] });
  expect(rejection({ ...WANG, nationalId: 'A12****789', staffId: 'S1' })).toMatchObject({ key: 'S1' });
});

test('a rejected row names everything that is wrong with it, once', () => {
  expect(rejection({ ...WANG, name: '', change: '離職', changeDate: '', sex: 'X' }).codes).toEqual([
    'name-missing',
    'change-date-missing',
    'sex-unreadable',
  ]);
  expect(rejection({ ...WANG, name: '王○○' })).toMatchObject({ codes: ['name-masked'], key: `064601::${DIGEST}` });
});

test('changes start and end spells at their date', () => {
  const on = { ...WANG, changeDate: '113/08/01' };
  const spell = (change: string) => {
    const { startOn, endOn, endReason, onLeave, leaveChangedOn } = record({ ...on, change }, 'staff').record;
    return [startOn, endOn, endReason, onLeave, leaveChangedOn];
  };
  for (const change of ['新進', '轉入']) expect(spell(change)).toEqual(['2024-08-01', null, null, false, null]);
  for (const change of ['轉出', '轉校', '轉園'])
    expect(spell(change)).toEqual([null, '2024-08-01', '轉校', false, null]);
  for (const change of ['離職', '退休', '代理期滿'])
    expect(spell(change)).toEqual([null, '2024-08-01', change, false, null]);
  expect(spell('留職停薪')).toEqual([null, null, null, true, '2024-08-01']);
  expect(spell('復職')).toEqual([null, null, null, false, '2024-08-01']);
  expect(spell('在職')).toEqual([null, null, null, false, null]);
});

test('a change that is unknown, or has no date that can be read, rejects the row and keeps its key', () => {
  const key = `064601::${DIGEST}`;
  expect(rejection({ ...WANG, change: '飛走', changeDate: '113/8/1' })).toMatchObject({
    key,
    codes: ['change-unknown'],
  });
  expect(rejection({ ...WANG, change: '離職' })).toMatchObject({ key, codes: ['change-date-missing'] });
  expect(rejection({ ...WANG, change: '離職', changeDate: '113/13/1' })).toMatchObject({
    key,
    codes: ['change-date-unreadable'],
  });
  expect(rejection({ ...WANG, change: '離職', changeDate: '1913/8/1' })).toMatchObject({
    key,
    codes: ['change-date-unreadable'],
  });
  expect(record({ ...WANG, changeDate: '113/8/1' }, 'staff').warnings).toEqual(['change-date-without-change']);
});

test('the 職別 column wins over the title; an unknown title is kept', () => {
  expect(record({ ...WANG, title: '教師', titleKind: '6' }, 'staff').record.titleCode).toBe(6);
  const odd = record({ ...WANG, title: '星際領航員' }, 'staff');
  expect([odd.record.title, odd.record.titleCode, odd.warnings]).toEqual(['星際領航員', null, ['title-unknown']]);
  expect(record({ ...WANG, title: '教師', titleKind: '99' }, 'staff')).toMatchObject({
    record: { titleCode: 7 },
    warnings: ['title-kind-unreadable'],
  });
});

const CARE_ROW: Values = {
  staffId: 'C-42',
  institutionCode: '0942800021',
  name: '林小美',
  title: '教保員',
  startOn: '112/08/01',
};

test('a care-system row has the kindergarten section and its own key', () => {
  const { record: staff, warnings } = record(
    { ...CARE_ROW, birthDate: '0780401', registeredAt: '2024-08-01T10:00:00+08:00' },
    'staff',
    CARE,
  );
  expect(warnings).toEqual([]);
  expect(staff).toMatchObject({
    key: 'C-42',
    institutionSection: '幼兒園',
    titleCode: null,
    birthDate: '1989-04-01',
    startOn: '2023-08-01',
  });
});

test('leaving a kindergarten needs a date; 轉園 is 轉校', () => {
  const left = { ...CARE_ROW, endOn: '113/07/31', endReason: '轉園' };
  expect(record(left, 'staff', CARE).record).toMatchObject({ endOn: '2024-07-31', endReason: '轉校' });
  expect(record({ ...left, endReason: '' }, 'staff', CARE).warnings).toEqual(['end-reason-missing']);
  expect(rejection({ ...left, endOn: '' }, 'staff', CARE)).toMatchObject({ key: 'C-42', codes: ['end-date-missing'] });
  expect(rejection({ ...left, endOn: '113/02/30' }, 'staff', CARE).codes).toEqual(['end-date-unreadable']);
  expect(rejection({ ...left, endOn: '111/07/31' }, 'staff', CARE).codes).toEqual(['dates-out-of-order']);
});

test('a school is told of a leaving without its date or its reason in its own words', () => {
  const left = { ...WANG, change: '', changeDate: '', endOn: '113/07/31', endReason: '' };
  expect(record(left, 'staff')).toMatchObject({
    record: { endOn: '2024-07-31', endReason: null },
    warnings: ['leave-reason-missing'],
  });
  expect(record({ ...left, change: '退休', changeDate: '113/07/31' }, 'staff').warnings).toEqual([]);
  expect(rejection({ ...left, endOn: '', endReason: '退休' }).codes).toEqual(['leave-date-missing']);
  for (const code of ['leave-date-missing', 'leave-reason-missing']) expect(message(code, {}, 'zh')).not.toMatch(/園/);
});

describe('在職狀況', () => {
  const said = (serviceState: string, more: Values = {}) =>
    record({ ...WANG, change: '', changeDate: '', serviceState, ...more }, 'staff');

  test.each([
    ['1', '轉校'],
    ['2', '退休'],
    ['3', '代理期滿'],
    ['資遣', '離職'],
  ])('%s gives the reason of a leaving that has a date alone, and that is told', (state, endReason) => {
    const { record: staff, warnings } = said(state, { endOn: '113/07/31' });
    expect(staff).toMatchObject({ endOn: '2024-07-31', endReason });
    expect(warnings).toEqual(['end-reason-from-state']);
  });

  test('that somebody left ends nothing without a date, and is told', () => {
    const { record: staff, warnings } = said('2');
    expect([staff.endOn, staff.endReason, warnings]).toEqual([null, null, ['service-state-without-date']]);
    const { issues } = rejection({ ...WANG, name: '', change: '', changeDate: '', serviceState: '2' });
    expect(issues.find(({ code }) => code === 'service-state-without-date')).toMatchObject({ column: 'serviceState' });
  });

  test('在職 contradicts a leaving that has passed: the row is not taken; one that is to come it does not', () => {
    const row = { ...WANG, change: '', changeDate: '', serviceState: '0' };
    expect(rejection({ ...row, endOn: '113/07/31', endReason: '離職' }).codes).toEqual(['left-but-in-service']);
    expect(rejection({ ...row, change: '退休', changeDate: '113/08/02' }).codes).toEqual(['left-but-in-service']);
    expect(said('在職', { endOn: '113/12/31', endReason: '代理期滿' }).warnings).toEqual([]);
    expect(said('0').warnings).toEqual([]);
  });

  test('another reason than 異動別 gives way to it and is told; an unknown one is dropped', () => {
    const { record: staff, warnings } = said('2', { change: '轉出', changeDate: '113/08/01' });
    expect([staff.endReason, warnings]).toEqual(['轉校', ['service-state-contradicts']]);
    expect(said('2', { change: '退休', changeDate: '113/08/01' }).warnings).toEqual([]);
    expect(said('9').warnings).toEqual(['service-state-unreadable']);
  });
});

test('R13: what is not readably approved is not taken for approved', () => {
  expect(record({ ...CARE_ROW, review: '異動待審', reviewing: '離職' }, 'staff', CARE).record).toMatchObject({
    review: '異動待審',
    reviewing: '離職',
  });
  expect(rejection({ ...CARE_ROW, review: '???' }, 'staff', CARE)).toMatchObject({
    key: 'C-42',
    codes: ['review-unknown'],
  });
});

const NOBODY = { institutionCode: '064601', section: '國小' };
test('a line of the form is nobody, and a list that has one can still be judged for who is missing', () => {
  const names = ['姓名', '合計', '5人', '共計４人', '承辦人：王小明', '以下空白', '以上資料確認無誤'];
  for (const [name, title] of [...names.map((name) => [name, '']), ['陳小明', '校長：']]) {
    const line = rejection({ ...NOBODY, name, title, nationalId: '單位主管：' } as Values);
    expect(line.codes, name).toContain('row-not-a-person');
    expect(line.key, name).not.toBeNull();
  }
});

test('a person is told from a line of the form by an identifier or a birth date, however the name is written', () => {
  const told = { ...NOBODY, name: '王小明1', title: '教師' };
  expect(record({ ...told, birthDate: '70/05/06' }, 'staff').record.name).toBe('王小明1');
  expect(record({ ...told, nationalId: 'A123456789' }, 'staff').record.name).toBe('王小明1');
  const masked = rejection({ ...told, nationalId: 'A12****789' });
  expect([masked.codes.includes('row-not-a-person'), masked.key]).toEqual([false, null]);
});
