/** Bundles of a vendor, end to end: whole ones, changes, deletions without a reason, and a school that may not be spoken for. */
import { utimes, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listQuarantine } from '../../pipelines/quarantine/list-quarantine.ts';
import { renderQuarantine } from '../../pipelines/report/render-quarantine.ts';
import type { SyncResult } from '../../schemas/outputs/sync-result.ts';
import {
  type Cells,
  demographics,
  filesOf,
  type Roster,
  role,
  rosterOf,
  user,
  zipFiles,
} from '../connectors/support/oneroster.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

let small: SmallInstallation;
beforeAll(async () => {
  const source = {
    type: 'oneroster-files',
    name: 'oneroster',
    inbox: 'bundles',
    schools: ['064601', '064602'],
    identifier: { userIdType: 'NationalID' },
  };
  small = await openSmallInstallation(1, { sources: [source] });
});
afterAll(() => small.close());

const person = (id: string, nationalId: string, changes: Cells = {}): Cells =>
  user(id, { userIds: `{NationalID:${nationalId}}`, givenName: `老師${id}`, ...changes });
const WANG = person('U1', 'A123456789');
const LI = person('U2', 'B123456780');
const PUPIL = person('S1', 'F229999993');

const bundle = (users: Cells[], roles: Cells[], mode = 'bulk'): Roster => {
  const roster = rosterOf(0);
  const modes = { ...roster.modes, users: mode, roles: mode };
  return {
    ...roster,
    modes,
    tables: { ...roster.tables, users, roles, demographics: users.map((u) => demographics(u.sourcedId!)) },
  };
};

async function send(name: string, arrived: string, roster: Roster): Promise<void> {
  const path = small.inbox(name, 'bundles');
  await writeFile(path, zipFiles(filesOf(roster)));
  await utimes(path, new Date(arrived), new Date(arrived));
}
const part = (result: SyncResult) =>
  result.sources.flatMap((s) => s.parts ?? [s]).find((p) => p.source === 'oneroster');

async function standing(): Promise<string[]> {
  const { rows } = await small.db.raw(
    `SELECT p.name || ' ' || i.source_key || coalesce(' ' || v.end_reason, '') AS line
     FROM warehouse.assignment a JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND v.recorded_to = 'infinity'
     JOIN warehouse.institution i ON i.id = a.institution_id
     JOIN warehouse.person_version p ON p.person_id = a.person_id AND p.recorded_to = 'infinity' AND p.valid_to = 'infinity'
     WHERE v.valid_to = 'infinity' OR v.end_reason IS NOT NULL ORDER BY 1`,
  );
  return rows.map((r: { line: string }) => r.line);
}

const BOTH = ['王老師U1 064601:國小', '王老師U2 064602:國小'];
const ROLES = [role('U1'), role('U2', { orgSourcedId: 'o2' }), role('S1', { role: 'student' })];

it('a whole bundle registers staff and no pupil, and leaves the inbox', async () => {
  await send('a.zip', '2024-07-29T10:00:00+08:00', bundle([WANG, LI, PUPIL], ROLES));
  const result = await small.night('2024-07-30T02:00:00+08:00');
  expect(part(result)).toMatchObject({ status: 'fresh', read: 2, accepted: 2, quarantined: 0 });
  expect(await standing()).toEqual(BOTH);
  await expect(utimes(small.inbox('a.zip', 'bundles'), 0, 0)).rejects.toThrow('ENOENT');
});

it('a new export of the same people, each row with the time of the export, changes nothing (I11)', async () => {
  const stamped = ROLES.map((r) => ({ ...r, dateLastModified: '2024-07-30T01:00:00Z' }));
  await send('b.zip', '2024-07-30T10:00:00+08:00', bundle([WANG, LI, PUPIL], stamped));
  const result = await small.night('2024-07-31T02:00:00+08:00');
  expect(part(result)).toMatchObject({ status: 'fresh', read: 2, unchanged: 2, accepted: 0 });
});

it('a deletion without a reason is quarantined and ends nobody; others of the changes are taken', async () => {
  const changed = { ...LI, email: 'new@tc.edu.tw' };
  await send(
    'c.zip',
    '2024-07-31T10:00:00+08:00',
    bundle([{ ...WANG, status: 'tobedeleted' }, changed], ROLES.slice(0, 2), 'delta'),
  );
  const result = await small.night('2024-08-01T02:00:00+08:00');
  expect(part(result)).toMatchObject({ status: 'fresh', read: 2, accepted: 1, quarantined: 1, missing: 0 });
  expect(await standing()).toEqual(BOTH);
});

it('changes of people without their roles are asked about until a whole bundle comes', async () => {
  const asked = async () => {
    const { rows } = await small.db.raw(
      "SELECT subject, params FROM review.exception WHERE code = 'oneroster-changes-without-role' AND closed_run_id IS NULL",
    );
    return rows;
  };
  await send('c1.zip', '2024-08-01T08:00:00+08:00', bundle([LI], ROLES.slice(2), 'delta'));
  await small.night('2024-08-01T09:00:00+08:00');
  expect(await asked()).toEqual([{ subject: 'oneroster', params: { people: 1 } }]);
  await send('c2.zip', '2024-08-01T09:10:00+08:00', bundle([LI, WANG], ROLES.slice(2), 'delta'));
  await small.night('2024-08-01T09:20:00+08:00');
  expect(await asked()).toEqual([{ subject: 'oneroster', params: { people: 3 } }]);
  const changed = { ...LI, email: 'newer@tc.edu.tw' };
  await send('c3.zip', '2024-08-01T09:30:00+08:00', bundle([WANG, changed, PUPIL], ROLES));
  await small.night('2024-08-01T09:40:00+08:00');
  expect(await asked()).toEqual([]);
});

it('a school that may not be spoken for is quarantined; who is gone from a whole bundle is asked about and stays', async () => {
  await send(
    'd.zip',
    '2024-08-01T10:00:00+08:00',
    bundle([LI, person('U9', 'C123456785')], [role('U2', { orgSourcedId: 'o2' }), role('U9', { orgSourcedId: 'o9' })]),
  );
  const result = await small.night('2024-08-02T02:00:00+08:00');
  expect(part(result)).toMatchObject({ status: 'fresh', read: 2, quarantined: 1, missing: 1 });
  expect(await standing()).toEqual(BOTH);
});

it('a whole bundle that lost a school says of nobody there that they are missing (I12)', async () => {
  const roster = bundle([WANG, LI], ROLES.slice(0, 2));
  roster.tables.orgs = roster.tables.orgs!.filter(({ sourcedId }) => sourcedId !== 'o2');
  await send('lost.zip', '2024-08-02T08:00:00+08:00', roster);
  const result = await small.night('2024-08-02T20:00:00+08:00');
  expect(part(result)).toMatchObject({ status: 'fresh', read: 2, quarantined: 1, missing: 0 });
  expect(await standing()).toEqual(BOTH);
  const { rows } = await small.db.raw(
    "SELECT key FROM landing.quarantine WHERE source = 'oneroster' AND resolved_run_id IS NULL",
  );
  expect(rows).toEqual([{ key: null }]);
  const list = await listQuarantine(small.db, { sources: ['oneroster'] });
  expect(list.list.map(({ lastGoodKept }) => lastGoodKept)).toEqual([null]);
  expect(renderQuarantine(list, () => false)).toMatch('無法辨認是哪一筆，前次資料不變');
});

it('a bundle that lost a file on the way fails, waits in the inbox, and moves nothing', async () => {
  const files = filesOf(bundle([WANG, LI], ROLES.slice(0, 2)));
  delete files['roles.csv'];
  await writeFile(small.inbox('e.zip', 'bundles'), zipFiles(files));
  await utimes(
    small.inbox('e.zip', 'bundles'),
    new Date('2024-08-02T10:00:00+08:00'),
    new Date('2024-08-02T10:00:00+08:00'),
  );
  const result = await small.night('2024-08-03T02:00:00+08:00');
  expect(part(result)).toMatchObject({ status: 'failed', error: { code: 'oneroster-file-missing' } });
  expect(await standing()).toEqual(BOTH);
});
