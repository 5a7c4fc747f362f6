import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openConnector } from '../../../../connectors/registry.ts';
import { environmentAt } from '../../support/environment.ts';
import { temporaryFolder } from '../../support/handover.ts';
import type { Harness } from '../harness.ts';
import { contentsOf, traceOf } from './folder.ts';

const TITLES = 'code,name,section,ownership,district,principal';
const code = (i: number): string => `06${String(i + 1).padStart(4, '0')}`;
const content = (count: number, broken = -1): string =>
  [
    TITLES,
    ...Array.from(
      { length: count },
      (_, i) => `${code(i)},市立第${i}國小,國小,公立,豐原區,林校長${i === broken ? ',x' : ''}`,
    ),
  ].join('\n');

export const institutionList: Harness = {
  type: 'institution-list',
  complete: true,
  moment: 'source',
  json: false,
  server: false,
  schools: false,
  several: false,
  leaves: false,
  notWhole: 'a list without rows',
  faults: {
    'a list that is gone': 'list-missing',
    'a list without rows': 'file-no-rows',
    'a list without its code column': 'file-column-missing',
    'two code columns': 'file-column-twice',
  },
  async start(records) {
    const folder = await temporaryFolder();
    const path = join(folder.path, 'schools.csv');
    const write = (text: string) => writeFile(path, text);
    await write(content(records));
    const faults: Record<string, () => Promise<void>> = {
      'a list that is gone': () => rm(path),
      'a list without rows': () => write(`${TITLES}\n`),
      'a list without its code column': () => write(content(records).replace('code,', 'number,')),
      'two code columns': () => write(content(records).replace('district', 'code')),
    };
    return {
      connector: openConnector(
        { type: 'institution-list', name: 'schools', path: 'schools.csv', layout: 'schools' },
        environmentAt(folder.path),
      ),
      marks: Array.from({ length: records }, (_, i) => code(i)),
      markOf: (row) => row.values.code,
      fields: TITLES.split(','),
      secrets: ['林校長'],
      trace: () => traceOf(folder.path),
      sent: () => contentsOf(folder.path),
      async repeatRow() {
        await write(`${content(records)}\n${content(records).split('\n')[1]}`);
        return code(0);
      },
      addField: (name) => write(content(records).replace(TITLES, `${TITLES},${name}`)),
      async breakRow() {
        await write(content(records, 2));
        return code(2);
      },
      fail: (fault) => faults[fault]!(),
      close: () => folder.remove(),
    };
  },
};
