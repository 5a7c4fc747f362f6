import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../../cli/read-config.ts';
import { UsageError } from '../../cli/usage-error.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mingce-config-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(source: string) {
  const file = join(folder, 'mingce.yaml');
  await writeFile(file, `sources:\n  - type: roster-files\n    name: roster\n    inbox: inbox\n${source}`);
  return readConfig(file).config.sources[0];
}

it('a school’s titles are read with its code in quotes', async () => {
  const schools = '    schools:\n      "064601": { profile: sfs3, columns: { 人員姓名: name } }\n';
  expect(await read(schools)).toMatchObject({
    schools: { '064601': { profile: 'sfs3', columns: { 人員姓名: 'name' } } },
  });
});

it('a title that stands for a column that does not exist is named, with what there is', async () => {
  const wrong = read('    schools:\n      "064601": { columns: { 人員姓名: nmae } }\n');
  await expect(wrong).rejects.toThrow(UsageError);
  await expect(wrong).rejects.toThrow(/sources\.0\.schools\.064601\.columns\.人員姓名: .*"name".*\(value: "nmae"\)/);
});

it('a code that YAML took for a number is told to stand in quotes', async () => {
  await expect(read('    schools:\n      064601: { profile: sfs3 }\n')).rejects.toThrow(/schools\.64601.*in quotes/s);
});

it('an unknown key of one school is named with the keys that a school takes', async () => {
  const wrong = read('    schools:\n      "064601": { profil: sfs3 }\n');
  await expect(wrong).rejects.toThrow(
    /unknown key sources\.0\.schools\.064601\.profil; expected there: profile, columns/,
  );
});
