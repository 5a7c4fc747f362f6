/** `mingce campaigns` as people type it, and a correction with a user's credential. */
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { ownCommands } from '../support/own-commands.ts';
import { publishedAnswer } from '../support/published-schema.ts';

const own = ownCommands('{ type: roster-files, name: roster, inbox: INBOX }');
const { run, as } = own;
const HEAD = '學校代碼,身分證字號,姓名,出生日期,職稱';
const WANG = '064601,A123456789,王小明,70/05/06,教師';
const LI = '064601,B123456780,李大華,71/05/06,教師';
const file = (id: string): string => path.join(own.folder, 'campaigns', `${id}.yaml`);
const edit = async (id: string, change: (text: string) => string): Promise<void> =>
  writeFile(file(id), change(await readFile(file(id), 'utf8')));

beforeAll(async () => {
  await mkdir(path.join(own.folder, 'campaigns'));
  await copyFile('samples/campaigns/113.yaml', file('113'));
  const config = path.join(own.folder, 'mingce.yaml');
  await writeFile(config, `${await readFile(config, 'utf8')}campaigns: [campaigns/113.yaml]\n`);
});

it('lists the year with its state as of the clock, and shows it in words', async () => {
  const at = async (clock: string) => {
    const { out } = await run('campaigns', 'list', '--clock', clock, '--json');
    const { campaigns } = publishedAnswer('campaign-list', out) as {
      campaigns: { state: string; version: number | null; windows: { state: string }[]; pending: string[] }[];
    };
    expect(campaigns).toHaveLength(1);
    return campaigns[0];
  };
  expect(await at('2024-08-02T16:59:59+08:00')).toMatchObject({ state: 'before-cut-off', version: null });
  expect(await at('2024-08-02T17:00:00+08:00')).toMatchObject({ state: 'between' });
  expect(await at('2024-08-14T17:00:00+08:00')).toMatchObject({
    state: 'open',
    windows: [{ state: 'open' }, { state: 'before' }],
  });
  expect(await at('2024-09-24T17:00:01+08:00')).toMatchObject({ state: 'closed' });
  const listed = (await run('campaigns', 'list', '--clock', '2024-08-02T16:59:59+08:00')).out;
  expect(listed).toContain('基準時間未到');
  expect(listed).toContain('待補 missing: 中市教課字第1130057021號 附件1');
  const shown = (await run('campaigns', 'show', '113')).out;
  for (const said of [
    '臺教師(三)字第1130068884號',
    '設立別 公立、私立',
    '（不含 和平區）',
    '提供對象：教師自我進修規劃系統',
    '欄位：身分證編碼、姓名',
    '不含公立幼兒園（R26）',
    '快照明細保存至 2026-07-31',
    '07-7258600',
  ])
    expect(shown).toContain(said);
  publishedAnswer('campaign-shown', (await run('campaigns', 'show', '113', '--json')).out);
  expect(await run('campaigns', 'show', '112')).toMatchObject({ status: 64, err: expect.stringContaining('113') });
});

it('a run records it, and check tells what the warehouse does not know', async () => {
  await own.send('064601-a.csv', '2024-07-29T10:00:00+08:00', [HEAD, WANG]);
  expect((await run('sync', '--clock', '2024-08-02T02:00:00+08:00')).status).toBe(0);
  const shown = publishedAnswer('campaign-shown', (await run('campaigns', 'show', '113', '--json')).out);
  expect(shown).toMatchObject({ version: 1, versions: [{ version: 1, recordedBy: 'installation', run: '1' }] });
  const good = await run('campaigns', 'check', '--json');
  expect([good.status, publishedAnswer('campaigns-checked', good.out)]).toMatchObject([0, { ok: true }]);
  expect(good.out).toContain('附件1 待補');

  await edit('113', (text) => text.replace('"061F01"]', '"061F01", "199999"]'));
  const wrong = await run('campaigns', 'check');
  expect([wrong.status, wrong.out]).toEqual([1, expect.stringContaining('199999 不在機構清單中')]);
  expect(wrong.out).toContain('與登錄的第 1 版不同，下次執行時登錄為第 2 版');
  await edit('113', (text) => text.replace('"061F01", "199999"]', '"061F01", "0x"]'));
  const malformed = await run('campaigns', 'check');
  expect([malformed.status, malformed.err]).toEqual([64, expect.stringContaining('"0x" is no code')]);
  await edit('113', (text) => text.replace(', "0x"]', ']'));
});

it('copies the year, never over a file; the copy is refused until the new letter is filled in', async () => {
  const copied = await run('campaigns', 'copy', '113', '114', '--json');
  expect(copied.status).toBe(0);
  expect(publishedAnswer('campaign-copied', copied.out)).toMatchObject({ file: file('114'), from: '113', to: '114' });
  const text = await readFile(file('114'), 'utf8');
  for (const said of ['id: "114"', '114學年度教師專業發展需求調查', 'cutOff: "2025-08-02T17:00:00+08:00"'])
    expect(text).toContain(said);
  expect(copied.out).toContain('cutOff：2025-08-02 為星期六（2024-08-02 為星期五）');
  const again = await run('campaigns', 'copy', '113', '114');
  expect([again.status, again.err]).toEqual([
    64,
    expect.stringContaining('is there already, and is never written over'),
  ]);
  expect(await readFile(file('114'), 'utf8')).toBe(text);
  const open = await run('campaigns', 'check', file('114'));
  expect(open.status).toBe(64);
  for (const place of ['legalBasis.0.document', 'legalBasis.1.date', 'plans.teacher-plan.consumers.0.legalGround'])
    expect(open.err).toContain(place);
  await edit('114', (t) =>
    t.replaceAll(/document: "?待補"?, date: "?待補"?/g, 'document: 中市教課字第1140000000號, date: "2025-07-04"'),
  );
  const twice = await run('campaigns', 'check', file('114'));
  expect(twice.err).toContain('legalBasis.1: 中市教課字第1140000000號 stands there twice');
  expect(await run('campaigns', 'copy', '113', '113')).toMatchObject({ status: 64 });
});

it('a deadline that moved without a word is refused before any run, with what to write', async () => {
  await edit('113', (text) => text.replace('cutOff: "2024-08-02T17', 'cutOff: "2024-08-02T18'));
  const refused = await run('sync', '--clock', '2024-08-02T12:00:00+08:00');
  expect([refused.status, refused.err]).toEqual([64, expect.stringContaining('moved')]);
  await edit('113', (text) => text.replace('cutOff: "2024-08-02T18', 'cutOff: "2024-08-02T17'));
});

it('a correction takes a reason and the credential of somebody of the bureau', async () => {
  expect((await run('sync', '--clock', '2024-08-02T17:00:00+08:00')).status).toBe(0);
  own.knows('root', await run('users', 'add', 'root', '--role', 'ops'));
  own.knows('lin', await as('root', 'users', 'add', 'lin', '--role', 'bureau'));
  await own.send('064601-b.csv', '2024-08-02T16:00:00+08:00', [HEAD, WANG, LI]);
  expect((await run('sync', '--clock', '2024-08-03T02:00:00+08:00')).status).toBe(0);
  const create = ['snapshot', 'create', '--campaign', '113', '--kind', 'teacher-plan'];
  const unnamed = await run(...create);
  expect([unnamed.status, unnamed.err]).toEqual([64, expect.stringContaining('needs a name and a reason')]);
  const half = await run(...create, '--reason', '補送');
  expect([half.status, half.err]).toEqual([64, expect.stringContaining('a correction needs both')]);
  const ops = await as('root', ...create, '--reason', '補送');
  expect([ops.status, ops.err]).toEqual([1, expect.stringContaining('bureau')]);
  const wrong = await own.with('nonsense', ...create, '--reason', '補送', '--as', 'lin');
  expect(wrong.status).toBe(1);
  const made = await as('lin', ...create, '--reason', '學校補送名冊', '--json');
  expect(publishedAnswer('snapshot-created', made.out)).toMatchObject({
    created: true,
    snapshot: { id: '113-teacher-plan-v2' },
  });
  const shown = (await run('snapshot', 'show', '113-teacher-plan-v2')).out;
  expect(shown).toContain('更正 correction of 113-teacher-plan-v1: 學校補送名冊（lin 核定');
  const same = await as('lin', ...create, '--reason', '再送');
  expect([same.status, same.out]).toEqual([0, expect.stringContaining('內容並無不同，未產生新版')]);
  expect((await run('audit', 'verify')).status).toBe(0);
});
