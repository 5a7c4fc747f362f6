/** A folder that stands for `samples/`: the same configuration, and of the institutions those of some districts. */
import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import Papa from 'papaparse';

const LISTS = { 'schools.csv': 'district', 'kindergartens.csv': '鄉鎮市區名稱' } as const;

/** To be removed by the caller. */
export async function partOfTheCity(districts: readonly string[]): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'mingce-part-'));
  await mkdir(path.join(folder, 'institutions'));
  for (const name of ['mingce.yaml', 'campaigns'])
    await cp(path.join('samples', name), path.join(folder, name), { recursive: true });
  for (const [name, column] of Object.entries(LISTS)) {
    const list = path.join('institutions', name);
    const text = await readFile(path.join('samples', list), 'utf8');
    const { data, meta } = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true });
    const rows = data.filter((row) => districts.includes(row[column] ?? ''));
    await writeFile(path.join(folder, list), Papa.unparse(rows, { columns: meta.fields as string[] }));
  }
  return folder;
}
