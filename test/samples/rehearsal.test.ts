import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { openRehearsal } from '../../samples/rehearsal.ts';
import { REHEARSAL_CLOCKS } from '../../samples/world/clocks.ts';
import { campaignSchema } from '../../schemas/campaign.ts';
import { configSchema } from '../../schemas/config.ts';

const SAMPLES = join(import.meta.dirname, '../../samples');
const CLOSING = '2024-08-02T17:00:00+08:00';
const config = configSchema.parse(parse(readFileSync(join(SAMPLES, 'mingce.yaml'), 'utf8')));
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'mingce-rehearsal-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const files = (): string[] =>
  readdirSync(join(home, 'inbox'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
const fingerprint = (): string[] =>
  files().map(
    (file) => `${file} ${statSync(file).mtimeMs} ${createHash('sha256').update(readFileSync(file)).digest('hex')}`,
  );
const open = (): ReturnType<typeof openRehearsal> => openRehearsal({ seed: 113, home, clocks: REHEARSAL_CLOCKS });

test('the sample configuration and its campaign pass their schemas', () => {
  expect(config.rehearsal?.clocks).toEqual(REHEARSAL_CLOCKS);
  expect(config.simulation).toBe(true);
  for (const path of config.campaigns) {
    const campaign = campaignSchema.parse(parse(readFileSync(join(SAMPLES, path), 'utf8')));
    expect(campaign.cutOff).toBe(CLOSING);
  }
});

test('what was deposited once is not deposited again, what was broken off is', async () => {
  const [first = ''] = REHEARSAL_CLOCKS;
  const rehearsal = open();
  await rehearsal.deposit(first);
  const whole = fingerprint();
  rmSync(files()[3] as string);
  await rehearsal.deposit(first);
  expect(fingerprint()).toHaveLength(whole.length - 1);
  rmSync(join(home, 'rehearsal'), { recursive: true });
  await open().deposit(first);
  expect(fingerprint()).toEqual(whole);
});

test('two processes that deposit one night at once put every file there once, and a killed one leaves nothing behind', async () => {
  const [first = ''] = REHEARSAL_CLOCKS;
  await open().deposit(first);
  const whole = fingerprint();
  for (const folder of ['inbox', 'rehearsal']) rmSync(join(home, folder), { recursive: true });
  mkdirSync(join(home, 'rehearsal', 'work'), { recursive: true });
  writeFileSync(join(home, 'rehearsal', 'work', 'unfinished-0'), 'half');
  const program = join(import.meta.dirname, 'support/deposit-program.ts');
  const deposit = () => promisify(execFile)(process.execPath, [program, home, first]);
  expect(await Promise.all([deposit(), deposit(), deposit()])).toHaveLength(3);
  expect(fingerprint()).toEqual(whole);
  expect(existsSync(join(home, 'rehearsal', 'work'))).toBe(false);
});

test('the closing clock brings the file of 16:59:59 and that of 17:00:00, and nothing later', async () => {
  const rehearsal = open();
  await rehearsal.deposit('2024-08-02T02:00:00+08:00');
  const before = new Set(files());
  await rehearsal.deposit(CLOSING);
  const late = files().filter((file) => !before.has(file));
  const moments = late.map((file) => statSync(file).mtimeMs);
  expect(moments).toContain(Date.parse('2024-08-02T16:59:59+08:00'));
  expect(moments).toContain(Date.parse(CLOSING));
  expect(Math.max(...moments)).toBe(Date.parse(CLOSING));
  const { read } = rehearsal.truth(CLOSING);
  expect(late).toHaveLength(read.files.length + 1);
});

test('the care source is pointed at a stand-in that speaks for the clock; other sources stay', async () => {
  const rehearsal = open();
  try {
    const sources = await rehearsal.sourcesAt(CLOSING, config.sources);
    expect(sources.map((source) => source.name)).toEqual(config.sources.map((source) => source.name));
    const care = sources.find((source) => source.type === 'care-system');
    expect(care?.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/at\/2024-08-02T17/);
    expect(sources.filter((source) => source.type !== 'care-system')).toEqual(
      config.sources.filter((source) => source.type !== 'care-system'),
    );
  } finally {
    await rehearsal.close();
  }
});
