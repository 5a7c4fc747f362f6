import { createHash } from 'node:crypto';
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSnapshot, exportSnapshot, verifyFolder, verifyStored } from '../../../pipelines/snapshot.ts';
import { accountOf } from '../../../warehouse/embedded/unix-account.ts';
import { createTestDatabase } from '../../support/database.ts';
import { CUT_OFF, World } from './world.ts';

const ID = '113-teacher-plan-v1';
const DATA = ['bom.csv', 'csv', 'jsonl', 'oneroster.zip', 'parquet'].map((ending) => `teacher-plan.${ending}`);
const FILES = ['datapackage.json', 'datapackage.json.jws', 'keys.json', ...DATA];
let world: World;
let base: string;
let out: string;

beforeEach(async () => {
  const database = await createTestDatabase();
  world = new World(database.url);
  base = await mkdtemp(path.join(tmpdir(), 'mingce-snapshot-'));
  out = path.join(base, 'out');
  const school = await world.institution({ code: '064601', name: '臺中國小' });
  await world.assign(await world.person('王小明', 'A123456789'), school, { subjects: ['國語', '數\n學'] });
  await world.assign(await world.person('李大華'), school);
  await world.run(CUT_OFF, { kind: 'closing' });
  await createSnapshot(world.ctx, { campaignId: '113', kind: 'teacher-plan' });
  return async () => {
    await world.close();
    await database.drop();
    await rm(base, { recursive: true, force: true });
  };
});

const problems = async (): Promise<string[]> =>
  (await verifyFolder(out)).problems.map((p) => `${p.file} ${p.code}`).sort();
/** Root may read a file of any mode: then the folder is given to `nobody`, and the work done as that account. */
async function asOwner<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const account = process.geteuid?.() === 0 ? accountOf('nobody') : undefined;
  if (account === undefined) return work();
  for (const entry of ['', ...(await readdir(folder, { recursive: true }))])
    await chown(path.join(folder, entry), account.uid, account.gid);
  process.seteuid?.(account.uid);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}
const edit = async (file: string, change: (text: string) => string): Promise<void> => {
  const name = path.join(out, file);
  await writeFile(name, change(await readFile(name, 'utf8')));
};

describe('an exported folder', () => {
  it('holds exactly the stored bytes, readable by the owner only, and verifies', async () => {
    const exported = await exportSnapshot(world.ctx, ID, out);
    expect((await readdir(out)).sort()).toEqual(FILES);
    for (const file of exported.files) {
      const bytes = await readFile(path.join(out, file.path));
      expect(`sha256:${createHash('sha256').update(bytes).digest('hex')}`).toBe(file.sha256);
      expect(bytes).toEqual(await world.fileBytes(ID, file.path));
      expect((await stat(path.join(out, file.path))).mode & 0o777).toBe(0o600);
    }
    expect(await verifyFolder(out)).toMatchObject({ id: ID, ok: true, problems: [] });
    expect(await readdir(base)).toEqual(['out']);
  });

  it('may be written again over itself, mending what was changed', async () => {
    await exportSnapshot(world.ctx, ID, out);
    await edit('teacher-plan.csv', (text) => text.replace('王', '汪'));
    await exportSnapshot(world.ctx, ID, out);
    expect((await verifyFolder(out)).ok).toBe(true);
  });

  it('is not written where something else is', async () => {
    await mkdir(out);
    await writeFile(path.join(out, 'notes.txt'), 'mine');
    await expect(exportSnapshot(world.ctx, ID, out)).rejects.toThrow('holds 1 entries, such as notes.txt');
    await rm(path.join(out, 'notes.txt'));
    await exportSnapshot(world.ctx, ID, out);
    await createSnapshot(world.ctx, { campaignId: '113', kind: 'school-plan' });
    await expect(exportSnapshot(world.ctx, '113-school-plan-v1', out)).rejects.toThrow(`holds snapshot ${ID}`);
    await writeFile(path.join(out, 'notes.txt'), 'mine');
    await expect(exportSnapshot(world.ctx, ID, out)).rejects.toMatchObject({ code: 'folder-not-empty' });
    await expect(exportSnapshot(world.ctx, ID, path.join(out, 'notes.txt'))).rejects.toMatchObject({
      code: 'not-a-folder',
    });
    await expect(exportSnapshot(world.ctx, '113-teacher-plan-v9', out)).rejects.toThrow('snapshot list');
  });

  it('is not there at all when the export was interrupted, and the next export clears what was left', async () => {
    const abort = new AbortController();
    abort.abort(new Error('interrupted'));
    await expect(exportSnapshot({ ...world.ctx, signal: abort.signal }, ID, out)).rejects.toThrow('interrupted');
    expect(await readdir(base)).toEqual([]);
    await mkdir(path.join(base, '.out.mingce-999999999-dead'));
    await mkdir(path.join(base, `.out.mingce-${process.pid}-alive`));
    await exportSnapshot(world.ctx, ID, out);
    expect((await readdir(base)).sort()).toEqual([`.out.mingce-${process.pid}-alive`, 'out']);
  });
});

describe('verify of a folder', () => {
  beforeEach(async () => {
    await exportSnapshot(world.ctx, ID, out);
  });

  it.each(DATA)('names %s when any byte of it was changed', async (file) => {
    const original = await readFile(path.join(out, file));
    const step = Math.max(7, Math.floor(original.length / 60));
    for (let at = 0; at < original.length; at += step) {
      const changed = Buffer.from(original);
      changed[at] = (changed[at] as number) ^ 1;
      await writeFile(path.join(out, file), changed);
      const verified = await verifyFolder(out);
      expect(verified.ok).toBe(false);
      expect(new Set(verified.problems.map((p) => p.file))).toEqual(new Set([file]));
    }
  });

  it.each(DATA)('names %s and the one that it was swapped with', async (file) => {
    const other = DATA[(DATA.indexOf(file) + 1) % DATA.length] as string;
    await rename(path.join(out, file), path.join(base, 'kept'));
    await rename(path.join(out, other), path.join(out, file));
    await rename(path.join(base, 'kept'), path.join(out, other));
    const verified = await verifyFolder(out);
    expect(new Set(verified.problems.map((p) => p.file))).toEqual(new Set([file, other]));
    expect(
      verified.files
        .filter((f) => !f.ok)
        .map((f) => f.path)
        .sort(),
    ).toEqual([file, other].sort());
  });

  it('tells what a file of another format is', async () => {
    const kept = await readFile(path.join(out, 'teacher-plan.parquet'));
    await writeFile(path.join(out, 'teacher-plan.parquet'), kept.subarray(0, kept.length - 20));
    await edit('teacher-plan.jsonl', (text) => `x${text}`);
    expect((await problems()).filter((p) => p.endsWith('format'))).toEqual([
      'teacher-plan.jsonl format',
      'teacher-plan.parquet format',
    ]);
    await edit('teacher-plan.jsonl', (text) => text.slice(1).replace('id_digest', 'id_digezt'));
    expect(await problems()).toContain('teacher-plan.jsonl header');
    await edit('teacher-plan.jsonl', (text) => text.split('\n').slice(1).join('\n'));
    expect(await problems()).toContain('teacher-plan.jsonl rows');
  });

  it('finds any changed byte of the manifest', async () => {
    const file = path.join(out, 'datapackage.json');
    const original = await readFile(file);
    for (let at = 0; at < original.length; at += 13) {
      const changed = Buffer.from(original);
      changed[at] = (changed[at] as number) ^ 1;
      await writeFile(file, changed);
      const verified = await verifyFolder(out);
      expect(verified.ok, `byte ${at}`).toBe(false);
      expect(verified.problems.map((p) => p.file)).toContain('datapackage.json');
    }
  });

  it('tells size, content, rows and header apart', async () => {
    await edit('teacher-plan.csv', (text) => text.replace('王小明', '汪小明'));
    expect(await problems()).toEqual(['teacher-plan.csv hash']);
    await edit('teacher-plan.csv', (text) => `${text}x,y\r\n`);
    expect(await problems()).toEqual(['teacher-plan.csv bytes', 'teacher-plan.csv hash', 'teacher-plan.csv rows']);
    await edit('teacher-plan.csv', (text) => text.replace('姓名', '名姓'));
    expect(await problems()).toContain('teacher-plan.csv header');
  });

  it('names missing and extra files, and what is no file', async () => {
    await writeFile(path.join(out, 'more.csv'), '');
    await rename(path.join(out, 'teacher-plan.csv'), path.join(out, 'moved.csv'));
    expect(await problems()).toEqual(['more.csv extra', 'moved.csv extra', 'teacher-plan.csv missing']);
    await symlink(path.join(out, 'moved.csv'), path.join(out, 'teacher-plan.csv'));
    expect(await problems()).toContain('teacher-plan.csv not-a-file');
    await rm(path.join(out, 'datapackage.json'));
    expect(await problems()).toContain('datapackage.json missing');
    await expect(verifyFolder(path.join(out, 'nowhere'))).rejects.toMatchObject({ code: 'not-a-folder' });
  });

  it('says what a manifest lacks', async () => {
    await edit('datapackage.json', () => '<html>');
    expect((await verifyFolder(out)).problems[0]?.message).toContain('is not JSON');
    await edit('datapackage.json', () => '{"name": "x"}');
    expect((await verifyFolder(out)).problems.map((p) => p.message)).toContain(
      'name: expected a snapshot id such as 113-teacher-plan-v1',
    );
  });

  it('names a file that may not be read', async () => {
    await chmod(path.join(out, 'teacher-plan.csv'), 0);
    expect(await asOwner(base, problems)).toEqual(['teacher-plan.csv unreadable']);
  });
});

describe('verify of a stored snapshot', () => {
  it('opens every file with the installation’s key', async () => {
    expect(await verifyStored(world.ctx, ID)).toMatchObject({ id: ID, ok: true, problems: [] });
  });

  it('names the file whose stored bytes were changed behind our back', async () => {
    await world.db.raw('ALTER TABLE ops.snapshot_file DISABLE TRIGGER snapshot_file_immutable');
    await world.db.raw(
      `UPDATE ops.snapshot_file SET body = set_byte(body, 40, get_byte(body, 40) # 1) WHERE path = 'teacher-plan.csv'`,
    );
    const verified = await verifyStored(world.ctx, ID);
    expect(verified.problems.map((p) => `${p.file} ${p.code}`)).toEqual(['teacher-plan.csv unreadable']);
    await expect(exportSnapshot(world.ctx, ID, out)).rejects.toThrow('does not open');
    expect(await readdir(base)).toEqual([]);
  });

  it('cannot be fooled by a file that was swapped with another', async () => {
    await world.db.raw('ALTER TABLE ops.snapshot_file DISABLE TRIGGER snapshot_file_immutable');
    await world.db.raw(
      `UPDATE ops.snapshot_file f SET body = o.body FROM ops.snapshot_file o
       WHERE f.seq = o.seq AND (f.path, o.path) IN (('teacher-plan.jsonl', 'teacher-plan.csv'), ('teacher-plan.csv', 'teacher-plan.jsonl'))`,
    );
    expect((await verifyStored(world.ctx, ID)).problems.map((p) => `${p.file} ${p.code}`)).toEqual([
      'teacher-plan.csv unreadable',
      'teacher-plan.jsonl unreadable',
    ]);
  });

  it('refuses to open with another key', async () => {
    const stranger = { ...world.ctx, keyring: new World('postgres://nowhere', { key: 8 }).ctx.keyring };
    expect((await verifyStored(stranger, ID)).ok).toBe(false);
  });
});
