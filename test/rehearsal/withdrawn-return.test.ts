/** Ends told after a return, dated before it: the earlier leave is corrected, the return never was (R09, R10). Told as stories through PostgreSQL. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { setManualValue } from '../../pipelines/manual-values.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';
import { addBureau, LIN } from '../support/users.ts';

const HEAD = '學校代碼,身分證字號,姓名,性別,出生日期,職稱,異動別,異動日期';
const PEOPLE = {
  '064601': 'A123456789,王小明,男,70/05/06',
  '064602': 'F229999993,林淑芬,女,75/01/02',
  '064603': 'B123456780,李大華,男,60/03/04',
} as const;
type School = keyof typeof PEOPLE;

let small: SmallInstallation;
beforeAll(async () => {
  small = await openSmallInstallation();
});
afterAll(() => small.close());

let files = 0;
/** A school says one thing of its teacher; the night after hears it, and the same night again writes nothing. */
async function says(school: School, day: string, change: string, on: string): Promise<void> {
  // The same bytes again would be the same file: blanks make another one.
  const row = `${school},${PEOPLE[school]},教師${' '.repeat(++files)},${change},${on}`;
  await small.send(`${school}-${files}.csv`, `${day}T10:00:00+08:00`, ['名冊別：異動', HEAD, row]);
  const night = await small.night(`${day}T23:00:00+08:00`);
  expect(night.status).toBe('complete');
  const again = await small.night(`${day}T23:00:00+08:00`);
  expect(again.changes.assignments).toEqual({ added: 0, changed: 0, ended: 0 });
  expect([again.exceptions.opened, again.exceptions.closed]).toEqual([0, 0]);
}

async function lines(school: School, at = 'infinity'): Promise<string[]> {
  const { rows } = await small.db.raw(
    `SELECT a.spell || ' ' || v.valid_from || coalesce(' ' || v.end_reason || ' ' || v.valid_to, '') AS line
     FROM warehouse.assignment a JOIN warehouse.assignment_version v ON v.assignment_id = a.id
     WHERE a.source = ? AND v.recorded_from <= ?::timestamptz AND v.recorded_to >= ?::timestamptz AND v.valid_from < v.valid_to ORDER BY 1`,
    [`roster/${school}`, at, at],
  );
  return rows.map((r: { line: string }) => r.line);
}
async function asked(school: School): Promise<string[]> {
  const { rows } = await small.db.raw(
    `SELECT (params->>'since') || ' ' || (params->>'until') || CASE WHEN closed_at IS NULL THEN ' open' ELSE ' closed' END AS line
     FROM review.exception WHERE code = 'return-withdrawn' AND institution_key = ? ORDER BY id`,
    [`schools:${school}:國小`],
  );
  return rows.map((r: { line: string }) => r.line);
}

it('a first leave whose day is corrected after the return ends the first spell, and the return never was', async () => {
  await says('064601', '2024-09-01', '新進', '113/08/01');
  await says('064601', '2024-09-20', '離職', '113/09/20');
  await says('064601', '2024-10-01', '新進', '113/10/01');
  expect(await lines('064601')).toEqual(['1 2024-08-01 離職 2024-09-20', '2 2024-10-01']);
  await says('064601', '2024-10-02', '離職', '113/09/15');
  expect(await lines('064601')).toEqual(['1 2024-08-01 離職 2024-09-15']);
  expect(await asked('064601')).toEqual(['2024-10-01 2024-09-15 open']);
});

it('nothing recorded is edited: what was known before stays known of then', async () => {
  expect(await lines('064601', '2024-10-01T23:59:00+08:00')).toEqual(['1 2024-08-01 離職 2024-09-20', '2 2024-10-01']);
});

it('R24: a cut-off sees the withdrawal once it is registered, and not before', async () => {
  const { visible } = await import('../../warehouse/views/snapshot-visible.ts');
  const served = async (cutOff: string): Promise<number[]> => {
    const { rows } = await small.db.raw(
      `SELECT a.spell FROM warehouse.assignment a JOIN warehouse.assignment_version v ON v.assignment_id = a.id
       WHERE a.source = 'roster/064601' AND ${visible('v', 'assignment')}`,
      { through: '2025-01-01T00:00:00+08:00', cutOff, day: '2024-10-05' },
    );
    return rows.map((r: { spell: number }) => r.spell);
  };
  expect(await served('2024-10-02T09:00:00+08:00')).toEqual([2]);
  expect(await served('2024-10-02T11:00:00+08:00')).toEqual([]);
});

it('a person who came back after all has a further spell, and the question is closed', async () => {
  await says('064601', '2024-10-03', '新進', '113/10/01');
  expect(await lines('064601')).toEqual(['1 2024-08-01 離職 2024-09-15', '3 2024-10-01']);
  expect(await asked('064601')).toEqual(['2024-10-01 2024-09-15 closed']);
});

it('the same leave again takes a mistaken return back', async () => {
  await says('064602', '2024-10-04', '新進', '113/08/01');
  await says('064602', '2024-10-05', '離職', '113/08/20');
  await says('064602', '2024-10-06', '新進', '113/09/01');
  await says('064602', '2024-10-07', '離職', '113/08/20');
  expect(await lines('064602')).toEqual(['1 2024-08-01 離職 2024-08-20']);
});

it('it is asked until the school answers, also where somebody sets a value of the person by hand', async () => {
  await addBureau(small.db, ['lin']);
  const { rows } = await small.db.raw(
    `SELECT person_id FROM warehouse.assignment WHERE source = 'roster/064602' LIMIT 1`,
  );
  const email = {
    entity: 'person',
    field: 'email',
    value: 'lin@example.edu.tw',
    at: null,
    reason: '本人來電',
  } as const;
  const when = '2024-10-07T23:30:00+08:00';
  await setManualValue(small.db, { ...email, id: String(rows[0].person_id), until: null, by: LIN, when });
  expect((await small.night('2024-10-07T23:40:00+08:00')).exceptions).toMatchObject({ closed: 0 });
  expect(await asked('064602')).toEqual(['2024-09-01 2024-08-20 open']);
  await says('064602', '2024-10-08', '離職', '113/08/21');
  expect(await asked('064602')).toEqual(['2024-09-01 2024-08-20 closed']);
});

it('an end before every spell leaves the first, told as a contradiction', async () => {
  await says('064603', '2024-10-09', '新進', '113/08/01');
  await says('064603', '2024-10-10', '離職', '113/08/20');
  await says('064603', '2024-10-11', '新進', '113/08/20');
  await says('064603', '2024-10-12', '離職', '113/07/01');
  expect(await lines('064603')).toEqual(['1 2024-06-30 離職 2024-07-01']);
  await says('064603', '2024-10-13', '在職', '');
  expect(await lines('064603')).toEqual(['1 2024-08-01']);
});
