import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeKeyFile } from '../../warehouse/key-file.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let folder: string;
let database: TestDatabase;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mingce-output-'));
  makeKeyFile(path.join(folder, 'key'));
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

// biome-ignore lint/suspicious/noTemplateCurlyInString: it is bash's
const OWN = 'exit ${PIPESTATUS[0]}';

/** Runs a shell line in which $MINGCE is the command; bash answers with the status of the command itself. */
const shell = (line: string): Promise<{ status: unknown; err: string }> =>
  new Promise((resolve) => {
    const env = {
      PATH: process.env.PATH,
      MINGCE: `${process.execPath} ${path.resolve('cli/main.ts')}`,
      MINGCE_HOME: path.join(folder, 'home'),
      MINGCE_CONFIG: path.resolve('samples/mingce.yaml'),
      MINGCE_KEY_FILE: path.join(folder, 'key'),
      DATABASE_URL: database.url,
    };
    execFile('bash', ['--norc', '-c', line], { env }, (error, _out, err) => resolve({ status: error?.code ?? 0, err }));
  });

it('a reader that has seen enough changes nothing: no message, the usual status', async () => {
  expect(await shell(`$MINGCE runs | head -0; ${OWN}`)).toEqual({ status: 0, err: '' });
  expect(await shell(`$MINGCE runs 77 | head -0; ${OWN}`)).toMatchObject({ status: 64 });
});

it('an answer that the disk does not take is a failure, said in one line', async () => {
  const { status, err } = await shell('$MINGCE runs --json > /dev/full');
  expect([status, err.split('\n').length]).toEqual([1, 2]);
  expect(err).toContain('the answer could not be written (ENOSPC)');
});
