/** `mingce` as its users have it: an installation of the test file's own, its inbox, and users with their credentials. */
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { makeKeyFile } from '../../warehouse/key-file.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { type Ended, runMingce } from './run-mingce.ts';

const SHOWN = /通行碼 credential {2}(\S+)$/m;

export interface OwnCommands {
  readonly folder: string;
  run(...args: string[]): Promise<Ended>;
  /** With the credential of a user whom `knows` was told of. */
  as(name: string, ...args: string[]): Promise<Ended>;
  /** With a credential, whosever it is. */
  with(credential: string, ...args: string[]): Promise<Ended>;
  /** Takes a user's credential from what `users add` showed. */
  knows(name: string, { out }: Ended): string;
  /** Puts a file into the inbox, as old as its arrival. */
  send(name: string, arrived: string, lines: readonly string[]): Promise<void>;
}

/** To be called at the top of a test file. @param sources lines of the configuration beside the list of schools @param inbox its place, in their words `INBOX` */
export function ownCommands(...sources: readonly string[]): OwnCommands {
  let folder: string;
  let database: TestDatabase;
  let env: Record<string, string>;
  const credentials = new Map<string, string>();
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'mingce-commands-'));
    database = await createTestDatabase();
    const key = path.join(folder, 'mingce.key');
    makeKeyFile(key);
    const inbox = path.join(folder, 'inbox');
    await mkdir(inbox);
    const list = path.resolve('samples/institutions/schools.csv');
    const lines = [`{ type: institution-list, name: schools, path: ${list}, layout: schools }`, ...sources];
    const config = ['simulation: true', 'sources:', ...lines.map((line) => `  - ${line.replace('INBOX', inbox)}`)];
    await writeFile(path.join(folder, 'mingce.yaml'), `${config.join('\n')}\n`);
    env = {
      MINGCE_HOME: path.join(folder, 'home'),
      MINGCE_KEY_FILE: key,
      MINGCE_CONFIG: path.join(folder, 'mingce.yaml'),
      DATABASE_URL: database.url,
    };
  });
  afterAll(async () => {
    await database.drop();
    await rm(folder, { recursive: true });
  });
  const withCredential = (credential: string, ...args: string[]): Promise<Ended> =>
    runMingce({ ...env, MINGCE_CREDENTIAL: credential }, ...args);
  return {
    get folder() {
      return folder;
    },
    run: (...args) => runMingce(env, ...args),
    as: (name, ...args) => withCredential(credentials.get(name) ?? '', ...args, '--as', name),
    with: withCredential,
    knows: (name, { out }) => {
      const [, credential] = SHOWN.exec(out) ?? [];
      if (credential === undefined) throw new Error(`no credential was shown of ${name}`);
      credentials.set(name, credential);
      return credential;
    },
    send: async (name, arrived, lines) => {
      const file = path.join(folder, 'inbox', name);
      await writeFile(file, `${lines.join('\n')}\n`);
      await utimes(file, new Date(arrived), new Date(arrived));
    },
  };
}
