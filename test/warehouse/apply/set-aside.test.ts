/** A contradiction about one person never stops the city: that person waits and is told, everybody else goes on. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openSmallInstallation, type SmallInstallation } from '../../support/small-installation.ts';

const HEAD = '學校代碼,身分證字號,姓名,性別,出生日期,職稱,異動別,異動日期';
const WANG = 'A123456789,王小明,男,70/05/06';
const LIN = 'F229999993,林淑芬,女,75/01/02';

let small: SmallInstallation;
let day = 1;
beforeAll(async () => {
  small = await openSmallInstallation();
  await send('064601', `064601,${WANG},教師,新進,113/08/01`);
  await night();
  // What no way of ours writes: a second spell of the record beside the one in force.
  await small.db.raw(
    `WITH second AS (INSERT INTO warehouse.assignment (source, source_key, spell, person_id, institution_id)
                     SELECT source, source_key, 2, person_id, institution_id FROM warehouse.assignment RETURNING id)
     INSERT INTO warehouse.assignment_version
     SELECT (jsonb_populate_record(v, jsonb_build_object('assignment_id', second.id, 'valid_from', '2024-08-05'))).*
     FROM warehouse.assignment_version v, second`,
  );
});
beforeEach(() => {
  day++;
});
afterAll(() => small.close());

const today = (): string => `2024-09-${String(day).padStart(2, '0')}`;
const send = (school: string, ...rows: string[]) =>
  small.send(`${school}-${day}.csv`, `${today()}T10:00:00+08:00`, ['名冊別：異動', HEAD, ...rows]);
const night = (dryRun = false) => small.night(`${today()}T23:00:00+08:00`, dryRun);

async function told(): Promise<string[]> {
  const { rows } = await small.db.raw(
    `SELECT code || ' ' || coalesce(institution_key, '') || ' ' || params::text AS line FROM review.exception
     WHERE closed_at IS NULL AND code IN ('changes-set-aside', 'registered-elsewhere') ORDER BY 1`,
  );
  return rows.map((r: { line: string }) => r.line);
}
async function serving(): Promise<string[]> {
  const { rows } = await small.db.raw(
    `SELECT DISTINCT a.source || ' ' || coalesce(v.end_reason, '') AS line FROM warehouse.assignment a
     JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND v.recorded_to = 'infinity' ORDER BY 1`,
  );
  return rows.map((r: { line: string }) => r.line);
}
const NONE = { added: 0, changed: 0, ended: 0 };
const ASKED = [
  'changes-set-aside schools:064601:國小 {"row": 3, "object": "064601-1.csv"}',
  'changes-set-aside schools:064602:國小 {"row": 3, "object": "064602-2.csv"}',
];

it('both sides of a transfer wait and are told with file and row; the others are applied', async () => {
  await send('064602', `064602,${WANG},教師,轉入,113/08/10`);
  await send('064603', `064603,${LIN},教師,新進,113/09/01`);
  const rehearsed = await night(true);
  expect(rehearsed.changes.assignments).toEqual({ added: 1, changed: 0, ended: 0 });
  const result = await night();
  expect([result.status, result.changes.assignments]).toEqual(['complete', { added: 1, changed: 0, ended: 0 }]);
  expect(await told()).toEqual(ASKED);
  expect(await serving()).toEqual(['roster/064601 ', 'roster/064603 ']);
});

it('they stay told while nights pass, and nothing is written', async () => {
  const result = await night();
  expect([result.changes.assignments, result.exceptions.opened, result.exceptions.closed]).toEqual([NONE, 0, 0]);
  expect(await told()).toEqual(ASKED);
});

it('they are tried again each night: once the contradiction is gone the transfer is made and nothing is told any more of it', async () => {
  await small.db.raw(
    `DELETE FROM warehouse.assignment_version WHERE assignment_id IN (SELECT id FROM warehouse.assignment WHERE spell = 2);
     DELETE FROM warehouse.assignment WHERE spell = 2`,
  );
  const result = await night();
  expect(result.changes.assignments).toEqual({ added: 1, changed: 0, ended: 1 });
  expect(await serving()).toEqual(['roster/064601 轉校', 'roster/064602 ', 'roster/064603 ']);
  expect(await told()).toEqual(['registered-elsewhere schools:064601:國小 {"since": "2024-08-10"}']);
});
