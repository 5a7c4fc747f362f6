/** The end of a snapshot's purpose as people meet it: told by the nights, listed, looked at beforehand, and carried out by the bureau alone. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { ownCommands } from '../support/own-commands.ts';
import { publishedAnswer } from '../support/published-schema.ts';

const own = ownCommands('{ type: roster-files, name: roster, inbox: INBOX }');
const { run, as } = own;
const TEACHERS = '113-teacher-plan-v1';
const SCHOOLS = '113-school-plan-v1';
const file = (): string => path.join(own.folder, 'campaigns', '113.yaml');
const night = (day: string) => run('sync', '--clock', `${day}T02:00:00+08:00`);
const SHRED = ['snapshot', 'shred', '--due'];

/** Snapshots that the newest night told of as due. */
async function told(): Promise<unknown[]> {
  const { out } = await run('exceptions', 'list', '--code', 'snapshot-due', '--json');
  const { exceptions } = publishedAnswer('exception-list', out) as { exceptions: { params: { snapshot: string } }[] };
  return exceptions.map(({ params }) => params.snapshot);
}

beforeAll(async () => {
  await mkdir(path.join(own.folder, 'campaigns'));
  const sample = await readFile('samples/campaigns/113.yaml', 'utf8');
  await writeFile(file(), sample.replace('keepUntil: "2026-07-31"', 'keepUntil: "2024-10-31"'));
  const config = path.join(own.folder, 'mingce.yaml');
  await writeFile(config, `${await readFile(config, 'utf8')}campaigns: [campaigns/113.yaml]\n`);
  own.knows('root', await run('users', 'add', 'root', '--role', 'ops'));
  own.knows('lin', await as('root', 'users', 'add', 'lin', '--role', 'bureau'));
  await own.send('064601-a.csv', '2024-07-29T10:00:00+08:00', [
    '學校代碼,身分證字號,姓名,出生日期,職稱',
    '064601,A123456789,王小明,70/05/06,教師',
  ]);
  for (const clock of ['2024-08-01T02:00:00+08:00', '2024-08-02T17:00:00+08:00'])
    expect((await run('sync', '--clock', clock)).status).toBe(0);
});

it('until its last day nothing is due, on the next day the night tells the bureau, once', async () => {
  await night('2024-10-31');
  expect(await told()).toEqual([]);
  expect((await run(...SHRED, '--dry-run')).out).toBe('沒有逾保存期限的快照 no snapshot is due\n');
  const cutOff = '2024-08-02T17:00:00+08:00';
  const stands = await run('snapshot', 'create', '--campaign', '113', '--kind', 'school-plan', '--as-of', cutOff);
  expect(stands.out).toMatch(/明細保存至 rows kept until 2024-10-31$/m);
  await night('2024-11-01');
  await night('2024-11-02');
  expect(await told()).toEqual([SCHOOLS]);
  const list = (await run('snapshot', 'list')).out.split('\n');
  expect(list[0]).toContain('明細保存至 rows kept until 2024-10-31，已逾期應銷毀 due for shredding');
  expect(list[1]).toMatch(/明細保存至 rows kept until 2026-07-31$/);
  expect((await run('snapshot', 'show', SCHOOLS)).out).toContain('已逾期應銷毀');
  const summaries = publishedAnswer('snapshot-list', (await run('snapshot', 'list', '--json')).out);
  expect(summaries).toMatchObject([{ keepUntil: '2024-10-31' }, { keepUntil: '2026-07-31' }]);
});

it('a dry run lists what is due and changes nothing; what is asked by halves is refused', async () => {
  const dry = await run(...SHRED, '--dry-run', '--json');
  expect(publishedAnswer('snapshots-due', dry.out)).toMatchObject({
    dryRun: true,
    snapshots: [{ shredded: false, snapshot: { id: SCHOOLS, shredded: null } }],
  });
  for (const args of [
    SHRED,
    [...SHRED, SCHOOLS, '--dry-run'],
    ['snapshot', 'shred', '--dry-run'],
    ['snapshot', 'shred', SCHOOLS, '--dry-run'],
    ['snapshot', 'shred', SCHOOLS, '--reason', '目的完成'],
  ])
    expect(await run(...args)).toMatchObject({ status: 64 });
  expect((await as('root', ...SHRED, '--reason', '目的完成')).status).toBe(1);
  expect((await run('snapshot', 'verify', SCHOOLS)).status).toBe(0);
});

it('one command shreds what is due and nothing else; the next night closes the matter, and the trail says by which day', async () => {
  const done = await as('lin', ...SHRED, '--reason', '113 年度規劃完成', '--json');
  expect(publishedAnswer('snapshots-due', done.out)).toMatchObject({
    dryRun: false,
    snapshots: [{ shredded: true, snapshot: { id: SCHOOLS, shredded: { by: 'lin', reason: '113 年度規劃完成' } } }],
  });
  expect((await run('snapshot', 'verify', SCHOOLS)).status).toBe(1);
  expect((await run('snapshot', 'verify', TEACHERS)).status).toBe(0);
  expect((await as('lin', ...SHRED, '--reason', '再一次')).out).toBe('沒有逾保存期限的快照 no snapshot is due\n');
  await night('2024-11-03');
  expect(await told()).toEqual([]);
  expect((await run('audit', 'verify')).status).toBe(0);
});

it('a planning year whose deadline moved without a word why waits, and no other waits for it', async () => {
  const year = await readFile(file(), 'utf8');
  const former = year
    .replace('id: "113"', 'id: "112"')
    .replace(
      'schoolYear: { from: "2024-08-01", through: "2025-07-31" }',
      'schoolYear: { from: "2023-08-01", through: "2024-07-31" }',
    )
    .replace('keepUntil: "2026-07-31"', 'keepUntil: "2024-10-31"');
  await writeFile(path.join(own.folder, 'campaigns', '112.yaml'), former);
  const config = path.join(own.folder, 'mingce.yaml');
  const before = await readFile(config, 'utf8');
  await writeFile(config, before.replace('[campaigns/113.yaml]', '[campaigns/112.yaml, campaigns/113.yaml]'));
  expect((await night('2024-11-04')).status).toBe(0);
  const theirs = ['112-school-plan-v1', '112-teacher-plan-v1'];
  expect((await told()).toSorted()).toEqual(theirs);
  const earlier = year.replace('keepUntil: "2026-07-31"', 'keepUntil: "2024-10-15"');
  await writeFile(
    file(),
    earlier.replace('cutOff: "2024-08-02T17:00:00+08:00"', 'cutOff: "2024-08-03T17:00:00+08:00"'),
  );
  const waits = { campaign: '113', snapshots: [TEACHERS], why: expect.stringContaining('2024-08-03T17:00:00+08:00') };
  const dry = await run(...SHRED, '--dry-run', '--json');
  expect(dry.status).toBe(2);
  expect(publishedAnswer('snapshots-due', dry.out)).toMatchObject({
    snapshots: theirs.map((id) => ({ shredded: false, snapshot: { id } })),
    waiting: [waits],
  });
  const done = await as('lin', ...SHRED, '--reason', '規劃完成', '--json');
  expect(done.status).toBe(2);
  expect(publishedAnswer('snapshots-due', done.out)).toMatchObject({
    snapshots: theirs.map((id) => ({ shredded: true, snapshot: { id } })),
    waiting: [waits],
  });
  expect((await run(...SHRED, '--dry-run')).out).toMatch(`未銷毀 not shredded: ${TEACHERS}\n`);
  await writeFile(file(), year);
});

it('a planning year that says an earlier day is recorded before its rows go', async () => {
  const sample = await readFile(file(), 'utf8');
  await writeFile(file(), sample.replace('keepUntil: "2026-07-31"', 'keepUntil: "2024-10-15"'));
  const done = await as('lin', ...SHRED, '--reason', '教師規劃提前完成');
  expect(done.out).toContain(`已銷毀明細 rows shredded: ${TEACHERS}`);
  const shown = publishedAnswer('campaign-shown', (await run('campaigns', 'show', '113', '--json')).out);
  expect(shown).toMatchObject({ version: 2 });
});
