/** An installation that a test meets on the command line: the real schools' list, an inbox, an ops user and one of the bureau. */
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeKeyFile } from '../../warehouse/key-file.ts';
import { createTestDatabase } from './database.ts';
import { type Ended, runMingce } from './run-mingce.ts';

const SHOWN = /通行碼 credential {2}(\S+)$/m;

export interface CliInstallation {
  /** URL of its database. */
  url: string;
  /** What the commands wrote to stderr so far. */
  told(): string;
  /** Runs a command; as whom, or as nobody. */
  run(as: 'root' | 'lin' | null, ...args: string[]): Promise<Ended>;
  /** Puts a file into the inbox, as old as its arrival. */
  send(name: string, arrived: string, lines: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export async function openCliInstallation(): Promise<CliInstallation> {
  const folder = await mkdtemp(path.join(tmpdir(), 'mingce-cli-'));
  const database = await createTestDatabase();
  const inbox = path.join(folder, 'inbox');
  const key = path.join(folder, 'mingce.key');
  const config = path.join(folder, 'mingce.yaml');
  makeKeyFile(key);
  await mkdir(inbox);
  await writeFile(
    config,
    `simulation: true
sources:
  - { type: institution-list, name: schools, path: ${path.resolve('samples/institutions/schools.csv')}, layout: schools }
  - { type: roster-files, name: roster, inbox: ${inbox} }
`,
  );
  const env = {
    MINGCE_HOME: path.join(folder, 'home'),
    MINGCE_KEY_FILE: key,
    MINGCE_CONFIG: config,
    DATABASE_URL: database.url,
    LOG_LEVEL: 'trace',
  };
  const credentials = new Map<string | null, string>();
  let told = '';
  const run: CliInstallation['run'] = async (as, ...args) => {
    const who = as === null ? [] : ['--as', as];
    const ended = await runMingce({ ...env, MINGCE_CREDENTIAL: credentials.get(as) ?? '' }, ...args, ...who);
    told += ended.err;
    return ended;
  };
  const credentialOf = ({ out }: Ended): string => SHOWN.exec(out)?.[1] as string;
  credentials.set('root', credentialOf(await run(null, 'users', 'add', 'root', '--role', 'ops')));
  credentials.set('lin', credentialOf(await run('root', 'users', 'add', 'lin', '--role', 'bureau')));
  return {
    url: database.url,
    told: () => told,
    run,
    send: async (name, arrived, lines) => {
      const file = path.join(inbox, name);
      await writeFile(file, `${lines.join('\n')}\n`);
      await utimes(file, new Date(arrived), new Date(arrived));
    },
    close: async () => {
      await database.drop();
      await rm(folder, { recursive: true });
    },
  };
}
