/** An identifier that is corrected at one school in the night in which another school names the person by it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const HEAD = '學校代碼,身分證字號,姓名,性別,出生日期,職稱,異動別,異動日期';

let small: SmallInstallation;
beforeAll(async () => {
  small = await openSmallInstallation();
});
afterAll(() => small.close());

/** A whole list of one school: who has another identifier and the same name and birth date was corrected. */
const list = (school: string, day: string, ...people: string[]) =>
  small.send(`${school}-${day}.csv`, `${day}T10:00:00+08:00`, [HEAD, ...people.map((p) => `${school},${p}`)]);
async function night(day: string) {
  const result = await small.night(`${day}T23:00:00+08:00`);
  expect(result.status).toBe('complete');
  return result;
}
async function spells(name: string): Promise<string[]> {
  const { rows } = await small.db.raw(
    `SELECT DISTINCT dense_rank() OVER (ORDER BY a.person_id) || ' ' || a.source || ' ' || v.valid_from || coalesce(' ' || v.end_reason || ' ' || v.valid_to, '') AS line
     FROM warehouse.assignment a JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND v.recorded_to = 'infinity'
     JOIN warehouse.person_version p ON p.person_id = a.person_id AND p.recorded_to = 'infinity' WHERE p.name = ? ORDER BY 1`,
    [name],
  );
  return rows.map((r: { line: string }) => r.line);
}
async function conflicts(): Promise<string[]> {
  const { rows } = await small.db.raw(
    `SELECT split_part(subject, ' ', 1) AS source FROM review.exception WHERE closed_at IS NULL AND code = 'person-identifier-conflict' ORDER BY 1`,
  );
  return rows.map((r: { source: string }) => r.source);
}

it('R08: is one person, and the old school is closed for the new one', async () => {
  await list('064601', '2024-07-01', 'A123456789,王小明,男,70/05/06,教師,新進,112/08/01');
  await night('2024-07-01');
  await list('064601', '2024-08-02', 'B123456780,王小明,男,70/05/06,教師,,');
  await list('064602', '2024-08-02', 'B123456780,王小明,男,70/05/06,教師,轉入,113/08/01');
  const { changes } = await night('2024-08-02');
  expect([changes.persons.added, changes.assignments.added, changes.assignments.ended]).toEqual([0, 1, 1]);
  expect(await spells('王小明')).toEqual(['1 roster/064601 2023-08-01 轉校 2024-08-01', '1 roster/064602 2024-08-01']);
  expect(await conflicts()).toEqual([]);
});

it('two known persons who turn out to be one are asked about the same night, once, and stay two until that is decided', async () => {
  await list('064603', '2024-08-31', 'F229999995,林淑芬,女,75/01/02,教師,新進,113/08/01');
  await night('2024-08-31');
  await list('064604', '2024-09-01', 'C123456781,林淑芬,女,75/01/02,教師,新進,113/08/10');
  await night('2024-09-01');
  await list('064603', '2024-09-02', 'D123456782,林淑芬,女,75/01/02,教師,,');
  await list('064604', '2024-09-02', 'D123456782,林淑芬,女,75/01/02,教師,,');
  await night('2024-09-02');
  const asked = await conflicts();
  expect(asked).toEqual(['roster/064604']);
  const again = await night('2024-09-03');
  expect([again.exceptions.opened, again.exceptions.closed]).toEqual([0, 0]);
  await list('064604', '2024-09-04', 'D123456782,林淑芬,女,75/01/02,導師,,');
  const touched = await night('2024-09-04');
  expect([touched.exceptions.opened, touched.exceptions.closed, await conflicts()]).toEqual([0, 0, asked]);
  expect(await spells('林淑芬')).toEqual(
    ['1 roster/064603 2024-08-01', '2 roster/064604 2024-08-10', '2 roster/064604 2024-09-04'].sort(),
  );
});
