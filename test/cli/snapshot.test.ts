import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command, CommanderError } from 'commander';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Cli } from '../../cli/command.ts';
import { registerKeys } from '../../cli/commands/keys.ts';
import { registerSnapshot } from '../../cli/commands/snapshot.ts';
import { readEnvironment } from '../../cli/environment.ts';
import type { Installation } from '../../cli/installation.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { jwkSet, publicKeyOf } from '../../pipelines/snapshot/signature.ts';
import { signingKeyList } from '../../schemas/outputs/signing-keys.ts';
import {
  snapshotCreated,
  snapshotExported,
  snapshotList,
  snapshotManifest,
  snapshotVerified,
} from '../../schemas/snapshot.ts';
import { deltaHead, deltaOperation, snapshotDifference } from '../../schemas/snapshot-delta.ts';
import { makeKeyring } from '../../warehouse/keyring.ts';
import { BEFORE, CUT_OFF, World } from '../pipelines/snapshot/world.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let world: World;
let base: string;

beforeAll(async () => {
  database = await createTestDatabase();
  world = new World(database.url);
  base = await mkdtemp(path.join(tmpdir(), 'mingce-cli-snapshot-'));
  const school = await world.institution({ code: '064601', name: '臺中國小' });
  await world.assign(await world.person('王小明'), school);
  await world.run(BEFORE);
});
afterAll(async () => {
  await world.close();
  await database.drop();
  await rm(base, { recursive: true, force: true });
});

/** Runs one command line as the process root does. */
async function run(...args: string[]): Promise<{ out: string; status: number; opened: boolean }> {
  const told = { out: '', status: 0, opened: false };
  const cli: Cli = {
    log: world.ctx.log,
    signal: world.ctx.signal,
    environment: () => readEnvironment({}),
    withInstallation: (work) => {
      told.opened = true;
      const { db, keyring, campaigns, guards } = world.ctx;
      return work({ db, keyring, campaigns, config: { guards, sources: [] } } as unknown as Installation);
    },
    answer: (text) => {
      told.out += `${text}\n`;
    },
    exit: (status) => {
      told.status = status;
    },
  };
  const program = new Command('mingce').exitOverride().configureOutput({ writeErr: () => undefined });
  registerSnapshot(program, cli);
  registerKeys(program, cli);
  const everyCommand = (command: Command): void => {
    command.exitOverride().configureOutput({ writeErr: () => undefined });
    for (const sub of command.commands) everyCommand(sub);
  };
  everyCommand(program);
  await program.parseAsync(args, { from: 'user' });
  return told;
}
const mingce = (...args: string[]) => run('snapshot', ...args);
const create = (...more: string[]) => mingce('create', '--campaign', '113', '--kind', 'teacher-plan', ...more);

it('refuses to take the cut-off before it was closed, and says what to do', async () => {
  await expect(create()).rejects.toThrow('for an earlier state give --as-of');
  expect((await mingce('list')).out).toBe('尚無快照 no snapshots yet\n');
});

it('names the option, the value and what was expected', async () => {
  await expect(create('--as-of', 'yesterday')).rejects.toThrow('--as-of yesterday: expected a moment with its offset');
  await expect(create('--as-of', '2031-01-01T00:00:00+08:00')).rejects.toBeInstanceOf(UsageError);
  await expect(mingce('create', '--campaign', '112', '--kind', 'school-plan')).rejects.toBeInstanceOf(UsageError);
  await expect(mingce('create', '--campaign', '113', '--kind', 'other')).rejects.toBeInstanceOf(CommanderError);
  await expect(mingce('create', '--kind', 'school-plan')).rejects.toBeInstanceOf(CommanderError);
  await expect(mingce('show', '113-school-plan-v1')).rejects.toThrow('"mingce snapshot list" shows them');
  await expect(mingce('verify', 'nowhere')).rejects.toThrow('expected a folder that "snapshot export" wrote');
});

it('creates, lists, shows, exports and verifies, each with the published shape', async () => {
  await world.run(CUT_OFF, { kind: 'closing' });
  const created = snapshotCreated.parse(JSON.parse((await create('--json')).out));
  expect(created).toMatchObject({ created: true, snapshot: { id: '113-teacher-plan-v1' } });
  expect((await create()).out).toContain('this snapshot stands already');
  const list = snapshotList.parse(JSON.parse((await mingce('list', '--json')).out));
  expect(list).toEqual([created.snapshot]);
  expect((await mingce('list')).out).toContain('113-teacher-plan-v1  1 列 rows');
  const id = created.snapshot.id;
  expect(snapshotManifest.parse(JSON.parse((await mingce('show', id, '--json')).out)).name).toBe(id);
  expect((await mingce('show', id)).out).toContain('064601 國小 臺中國小: 從未送達 never received');
  const dir = path.join(base, 'out');
  const exported = snapshotExported.parse(JSON.parse((await mingce('export', id, dir, '--json')).out));
  expect(exported.files.map((f) => f.path)).toEqual([
    'datapackage.json',
    'datapackage.json.jws',
    'keys.json',
    'teacher-plan.bom.csv',
    'teacher-plan.csv',
    'teacher-plan.jsonl',
    'teacher-plan.oneroster.zip',
    'teacher-plan.parquet',
  ]);
  expect((await mingce('verify', id)).out).toContain('驗證無誤 verified: 113-teacher-plan-v1');
  const verified = await mingce('verify', dir, '--json');
  expect([snapshotVerified.parse(JSON.parse(verified.out)).ok, verified.status]).toEqual([true, 0]);
});

it('verifies a folder without opening the installation, and fails with 1 naming the file', async () => {
  const dir = path.join(base, 'tampered');
  await mingce('export', '113-teacher-plan-v1', dir);
  const file = path.join(dir, 'teacher-plan.csv');
  await writeFile(file, (await readFile(file, 'utf8')).replace('王', '汪'));
  const verified = await mingce('verify', dir);
  expect(verified).toMatchObject({ status: 1, opened: false });
  expect(verified.out).toContain('✗ teacher-plan.csv');
  expect(verified.out).toContain('teacher-plan.csv: has sha256:');
});

it('proves who made a folder with the exported keys, offline, and refuses a file that holds none', async () => {
  const dir = path.join(base, 'proven');
  await mingce('export', '113-teacher-plan-v1', dir);
  const keys = path.join(base, 'keys.json');
  expect(await run('keys', 'export', '-o', keys)).toMatchObject({ out: '', status: 0 });
  const [key] = signingKeyList.parse(JSON.parse((await run('keys', 'list', '--json')).out));
  expect((await run('keys', 'list')).out).toContain(`${key?.kid}  自 since`);
  const proven = await mingce('verify', dir, '--key', keys);
  expect(proven).toMatchObject({ status: 0, opened: false });
  expect(proven.out).toContain(`簽章 signed by ${key?.kid}: 本機構之金鑰`);
  expect((await mingce('verify', dir)).out).toContain('金鑰隨檔而來，請與公布者核對');
  const stranger = makeKeyring(randomBytes(32)).signingKey(1);
  await writeFile(keys, jwkSet([await publicKeyOf(stranger)]));
  expect(await mingce('verify', dir, '--key', keys)).toMatchObject({ status: 1 });
  await writeFile(keys, '[]');
  await expect(mingce('verify', dir, '--key', keys)).rejects.toThrow(
    'expected a JWK Set as "mingce keys export" writes it',
  );
  await expect(mingce('verify', dir, '--key', path.join(base, 'none'))).rejects.toThrow('ENOENT');
  await expect(mingce('verify', '113-teacher-plan-v1', '--key', keys)).rejects.toThrow('JWK Set');
});

it('diff says what differs and why, as text, JSON, a table or a delta, and what is asked wrong', async () => {
  const at = '2024-08-07T02:00:00+08:00';
  const before = (await mingce('list')).out.split('\n').filter((line) => line.includes('teacher-plan'));
  const older = before.at(-1)?.split(' ')[0] as string;
  const runId = await world.run(at);
  const person = await world.person('李大華', null, { recordedFrom: at, runId, registeredAt: at });
  await world.assign(person, 1, { recordedFrom: at, runId, registeredAt: at });
  const asOf = '2024-08-07T03:00:00+08:00';
  await world.run('2024-08-08T02:00:00+08:00');
  const newer = snapshotCreated.parse(JSON.parse((await create('--as-of', asOf, '--json')).out)).snapshot.id;
  const { out } = await mingce('diff', older, newer);
  expect(out).toContain(`【快照差異】${older} → ${newer}　教師自我進修規劃`);
  expect(out).toContain('1 rows added, 0 changed, 0 gone');
  expect(out).toMatch(/實際異動 +real change +1 +0 +0/);
  expect(out).toMatch(/新增 +064601 臺中國小 李大華 +教師 +實際異動/);
  const told = snapshotDifference.parse(JSON.parse((await mingce('diff', older, newer, '--json')).out));
  expect(told.rows).toMatchObject([{ op: 'insert', why: ['change'], evidence: [{ run: String(runId) }] }]);
  const [head, operation] = (await mingce('diff', older, newer, '--format', 'delta')).out.trim().split('\n');
  expect(deltaHead.parse(JSON.parse(head as string)).operations).toBe(1);
  expect(deltaOperation.parse(JSON.parse(operation as string)).op).toBe('insert');
  const file = path.join(base, 'diff.csv');
  await mingce('diff', older, newer, '--format', 'csv', '--output', file);
  expect(await readFile(file, 'utf8')).toContain("新增,'064601,國小,臺中國小,李大華,整列,,,實際異動");
  await expect(mingce('diff', older, newer, '--format', 'xlsx')).rejects.toThrow('expected --output FILE');
  await expect(mingce('diff', older, '113-teacher-plan-v99')).rejects.toThrow(UsageError);
  expect((await mingce('diff', newer, newer)).out).toContain('內容並無不同');
});
