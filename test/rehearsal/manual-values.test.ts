/** Values set by hand: they win over the sources from the next run until they end, as explained changes of the one person whom they are about. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nationalId } from '../../bench/roster-file.ts';
import { explainPerson } from '../../pipelines/explain.ts';
import { explainAccount, explainInstitution } from '../../pipelines/explain-thing.ts';
import { expireManualValue, manualValues, setManualValue, type ValueToSet } from '../../pipelines/manual-values.ts';
import { renderExplanation } from '../../pipelines/report/render-explanation.ts';
import { renderThing } from '../../pipelines/report/render-story.ts';
import type { ActingUser } from '../../schemas/users.ts';
import type { Database } from '../../warehouse/connect.ts';
import { warehouseHash } from '../../warehouse/views/hash.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';
import { addBureau, LIN, OPS } from '../support/users.ts';

const HEAD = '學校代碼,身分證字號,姓名,出生日期,職稱,任教科目,電子郵件,電話';
const teacher = (n: number, { name = `王小${'一二三四五六七八九十'[n]}`, title = '教師', email = '' } = {}): string =>
  `064601,${nationalId(n)},${name},70/05/06,${title},國語文,${email},`;
const everybody = (first: string): string[] => [HEAD, first, ...Array.from({ length: 9 }, (_, i) => teacher(i + 1))];

let small: SmallInstallation;
let db: Database;
let person: number;

beforeAll(async () => {
  small = await openSmallInstallation(1);
  db = small.db;
  await addBureau(db, ['lin']);
  await small.send('064601.csv', '2024-09-30T10:00:00+08:00', everybody(teacher(0)));
  await small.send(
    '064601.csv',
    '2024-09-30T10:00:00+08:00',
    ['學校代碼,帳號,帳號類別,身分證字號,姓名,狀態,啟用日期,最後登入', '064601,wang1,總負責人,,王小二,啟用,2024-08-01,'],
    'accounts',
  );
  expect(await small.night('2024-10-01T02:00:00+08:00')).toMatchObject({ status: 'complete' });
  const { rows } = await db.raw(`SELECT person_id FROM warehouse.person_version WHERE name = '王小一'`);
  person = rows[0].person_id;
});
afterAll(() => small.close());

const asked = (more: Partial<ValueToSet>): ValueToSet => ({
  entity: 'person',
  id: String(person),
  field: 'name',
  value: '王曉一',
  at: null,
  reason: '依戶籍謄本更正',
  until: null,
  by: LIN,
  when: '2024-10-01T09:00:00+08:00',
  ...more,
});
const expire = (id: number, when: string, by: ActingUser = LIN) =>
  expireManualValue(db, { id, reason: '學校已更正', by, when });
/** Changes of the newest run, as `entity reason by which value: columns that differ`. */
async function changes(): Promise<string[]> {
  const { rows } = await db.raw(
    `SELECT entity, reason, manual_value, before, after, effective FROM ops.plan_change WHERE run_id = (SELECT max(id) FROM ops.run) ORDER BY seq`,
  );
  return rows.map((r: { [key: string]: unknown; before: object; after: Record<string, unknown> }) => {
    const differing = Object.entries(r.before).filter(([c, v]) => JSON.stringify(v) !== JSON.stringify(r.after[c]));
    return `${r.entity} ${r.reason} ${r.manual_value ?? '-'} ${r.effective}: ${differing.map(([c]) => `${c}=${r.after[c]}`).join(' ')}`;
  });
}
const open = async (code: string): Promise<object[]> =>
  (await db('review.exception').where({ code, closed_at: null })).map(({ params }) => params);
/** Duties of the person's spell as known now, day by day. */
async function duties(): Promise<string[]> {
  const { rows } = await db.raw(
    `SELECT v.valid_from, v.valid_to, v.title, v.subjects FROM warehouse.assignment a JOIN warehouse.assignment_version v ON v.assignment_id = a.id
     WHERE a.person_id = ? AND v.recorded_to = 'infinity' ORDER BY v.valid_from`,
    [person],
  );
  return rows.map(
    (r: { valid_from: string; valid_to: string; title: string; subjects: string[] }) =>
      `${r.valid_from}..${r.valid_to} ${r.title} ${r.subjects.join('、')}`,
  );
}

it('a name and a title set by hand change that person once, by their numbers, from the day on which they were set', async () => {
  const name = await setManualValue(db, asked({}));
  const title = await setManualValue(db, asked({ field: '職稱', value: '組長', until: '2024-10-20' }));
  expect([name.line.number, title.line.number, name.replaced]).toEqual([1, 2, null]);
  expect(title.line).toMatchObject({
    field: 'title',
    value: '組長',
    institution: { code: '064601' },
    until: '2024-10-20',
  });

  expect(await small.night('2024-10-02T02:00:00+08:00')).toMatchObject({
    status: 'complete',
    changes: { persons: { changed: 1 }, assignments: { changed: 1 } },
  });
  expect(await changes()).toEqual([
    'person 人工指定 1 2024-10-01: name=王曉一 name_key=王曉一',
    'assignment 人工指定 2 2024-10-01: title=組長 titleCode=5',
  ]);
  expect(await duties()).toEqual(['2024-09-30..2024-10-01 教師 國語文', '2024-10-01..infinity 組長 國語文']);
});

it('a quiet night stays quiet, and a later word of the school wins only for what is not set by hand', async () => {
  await small.night('2024-10-03T02:00:00+08:00');
  expect(await changes()).toEqual([]);
  expect(await open('manual-value-superfluous')).toEqual([]);

  await small.send(
    '064601.csv',
    '2024-10-03T10:00:00+08:00',
    everybody(teacher(0, { title: '導師', email: 'a@example.org' })),
  );
  await small.night('2024-10-04T02:00:00+08:00');
  expect(await changes()).toEqual(['person 資料更正 - 2024-10-03: email=a@example.org']);
  expect((await duties()).at(-1)).toBe('2024-10-01..infinity 組長 國語文');
});

it('explain names the value set by hand, and whose word it stands over', async () => {
  const explained = await explainPerson(db, person);
  const name = explained.values.find((v) => v.column === 'name');
  expect(name).toMatchObject({ value: '王曉一', from: { manual: { number: 1, by: 'lin', reason: '依戶籍謄本更正' } } });
  expect(name?.before[0]).toMatchObject({ value: '王小一', from: { manual: null } });
  expect(explained.values.find((v) => v.column === 'email')?.from.manual).toBeNull();
  expect(explained.spells.at(-1)).toMatchObject({
    title: '組長',
    from: { manual: { number: 2, until: '2024-10-20' } },
  });
  expect(renderExplanation(explained).replaceAll(/\n +/g, '')).toContain(
    '人工指定第 1 號（lin 於 2024-10-01 09:00，未定期限；依戶籍謄本更正）；原依 roster/064601',
  );
});

it('after its last day the school’s last word is back, from the day after it', async () => {
  await small.night('2024-10-20T02:00:00+08:00');
  expect(await changes()).toEqual([]);
  await small.night('2024-10-21T02:00:00+08:00');
  expect(await changes()).toEqual(['assignment 人工指定結束 2 2024-10-21: title=導師 titleCode=6']);
  expect(await duties()).toEqual([
    '2024-09-30..2024-10-01 教師 國語文',
    '2024-10-01..2024-10-21 組長 國語文',
    '2024-10-21..infinity 導師 國語文',
  ]);
  await small.night('2024-10-22T02:00:00+08:00');
  expect(await changes()).toEqual([]);
});

it('one that the school says by itself by now is told as superfluous; ended, it changes nothing and is told no more', async () => {
  await small.send(
    '064601.csv',
    '2024-10-22T10:00:00+08:00',
    everybody(teacher(0, { name: '王曉一', title: '導師', email: 'a@example.org' })),
  );
  await small.night('2024-10-23T02:00:00+08:00');
  expect(await changes()).toEqual([]);
  expect(await open('manual-value-superfluous')).toEqual([{ fields: '姓名', numbers: '1' }]);
  await expire(1, '2024-10-23T09:00:00+08:00');
  await small.night('2024-10-24T02:00:00+08:00');
  expect(await changes()).toEqual([]);
  expect(await open('manual-value-superfluous')).toEqual([]);
});

it('another value of the same field replaces the first; expired by hand, the source’s word is back the next night', async () => {
  const before = await warehouseHash(db, small.installation.keyring);
  await setManualValue(db, asked({ field: 'email', value: 'b@Example.org', when: '2024-10-24T09:00:00+08:00' }));
  const second = await setManualValue(db, asked({ field: 'email', value: '', when: '2024-10-24T10:00:00+08:00' }));
  expect(second).toMatchObject({ replaced: 3, line: { number: 4, value: null } });
  await small.night('2024-10-25T02:00:00+08:00');
  expect(await changes()).toEqual(['person 人工指定 4 2024-10-24: email=null']);
  await expire(4, '2024-10-25T09:00:00+08:00');
  await small.night('2024-10-26T02:00:00+08:00');
  expect(await changes()).toEqual(['person 人工指定結束 4 2024-10-25: email=a@example.org']);
  expect(await warehouseHash(db, small.installation.keyring)).toBe(before);
  const all = await manualValues(db, '2024-10-26T09:00:00+08:00', true);
  expect(all.map((v) => [v.number, v.status])).toEqual([
    [4, 'expired'],
    [3, 'replaced'],
    [2, 'over'],
    [1, 'expired'],
  ]);
  expect(await manualValues(db, '2024-10-26T09:00:00+08:00')).toEqual([]);
});

it('institutions and accounts have theirs', async () => {
  const when = '2024-10-26T09:00:00+08:00';
  await setManualValue(db, asked({ entity: 'institution', id: '064601', field: 'phone', value: '04-22223333', when }));
  await setManualValue(db, asked({ entity: 'account', id: '064601:WANG1', field: '持有人', value: '王曉二', when }));
  await small.night('2024-10-27T02:00:00+08:00');
  expect(await changes()).toEqual([
    'institution 人工指定 5 2024-10-26: phone=04-22223333',
    'account 人工指定 6 2024-10-26: holder_name=王曉二',
  ]);
  await small.night('2024-10-28T02:00:00+08:00');
  expect(await changes()).toEqual([]);
  const school = renderThing(await explainInstitution(db, '064601')).replaceAll(/\n +/g, '');
  expect(school).toContain('人工指定第 5 號（lin 於 2024-10-26 09:00，未定期限；依戶籍謄本更正）；原依 schools');
  const holder = (await explainAccount(db, '064601/wang1')).values.find(({ column }) => column === 'holder_name');
  expect(holder).toMatchObject({
    value: '王曉二',
    from: { manual: { number: 6, by: 'lin', reason: '依戶籍謄本更正', until: null } },
    before: [{ value: '王小二', from: { manual: null } }],
  });
  await expire(5, '2024-10-28T09:00:00+08:00');
  await expire(6, '2024-10-28T09:00:00+08:00');
  await small.night('2024-10-29T02:00:00+08:00');
  expect((await changes()).map((line) => line.split(':')[0])).toEqual([
    'institution 人工指定結束 5 2024-10-28',
    'account 人工指定結束 6 2024-10-28',
  ]);
});

it('what cannot be set is refused with a reason, and nothing is set', async () => {
  const refused = (more: Partial<ValueToSet>) => expect(setManualValue(db, asked(more))).rejects;
  await refused({ field: 'unit' }).toMatchObject({
    code: 'value-field-unknown',
    message: expect.stringContaining('R11'),
  });
  await refused({ value: '' }).toMatchObject({ code: 'value-missing' });
  await refused({ value: '王○○' }).toMatchObject({ code: 'value-unreadable' });
  await refused({ value: `王小一 ${nationalId(0)}` }).toMatchObject({ code: 'value-sensitive' });
  await refused({ field: 'birth_date', value: '2031-01-01' }).toMatchObject({ code: 'value-unreadable' });
  await refused({ until: '2024-09-30' }).toMatchObject({ code: 'value-until-past' });
  await refused({ id: '99999' }).toMatchObject({ code: 'value-person-unknown' });
  await refused({ field: 'title', value: '組長', at: '064602:國小' }).toMatchObject({ code: 'value-unit-unclear' });
  await refused({ by: OPS }).toMatchObject({ code: 'user-not-allowed' });
  await expect(expire(1, '2024-10-29T09:00:00+08:00')).rejects.toMatchObject({ code: 'value-over' });
  await expect(expire(77, '2024-10-29T09:00:00+08:00')).rejects.toMatchObject({ code: 'value-unknown' });
  expect(await db('review.manual_value').count('* as n').first()).toEqual({ n: 6 });
});

it('the audit trail says who, which field of whom and why, and never a value', async () => {
  const rows = await db('ops.audit')
    .whereLike('action', 'value-%')
    .orderBy('id')
    .select('action', 'actor', 'subject', 'detail');
  expect(rows[0]).toMatchObject({
    action: 'value-set',
    actor: 'lin',
    subject: 'manual-value:1',
    detail: { of: `person:${person}`, field: 'name', reason: '依戶籍謄本更正' },
  });
  expect(rows.map((r) => r.action)).toContain('value-expired');
  expect(JSON.stringify(rows)).not.toMatch(/王曉|example/i);
  const tried = await db('ops.audit').where({ action: 'decision-refused' }).select('actor');
  expect(tried).toEqual([{ actor: 'ops' }]);
});
