import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../../support/handover.ts';
import type { Harness } from '../harness.ts';
import { contentsOf, traceOf } from '../harnesses/folder.ts';
import { openPayrollPrint } from './connector.ts';

const print = (count: number, stray = -1): string =>
  [
    '薪資系統 學校=064601 時間=2024-08-01T02:00:00+08:00',
    ...Array.from({ length: count }, (_, i) =>
      [
        `人員 P${i}`,
        `  姓名：王小明${i}`,
        '  身分證：A123456789',
        '  職務：教師',
        ...(i === stray ? ['（續前頁）'] : []),
      ].join('\n'),
    ),
    `合計 ${count}`,
  ].join('\n');

export const payrollPrint: Harness = {
  type: 'a made-up format',
  complete: true,
  moment: 'source',
  json: false,
  server: false,
  schools: false,
  several: false,
  leaves: false,
  notWhole: 'a print that was cut',
  faults: {
    'a print that is not there': 'list-missing',
    'another file under its name': 'file-header-missing',
    'a print that was cut': 'api-total',
    'a print of nobody': 'api-empty',
  },
  async start(records) {
    const folder = await temporaryFolder();
    const path = join(folder.path, 'payroll.txt');
    const write = (text: string) => writeFile(path, text);
    await write(print(records));
    const faults: Record<string, () => Promise<void>> = {
      'a print that is not there': () => rm(path),
      'another file under its name': () => write('薪資'),
      'a print that was cut': () => write(print(records).slice(0, -30)),
      'a print of nobody': () => write(print(0)),
    };
    return {
      connector: openPayrollPrint({ name: 'payroll', folder: folder.path }),
      marks: Array.from({ length: records }, (_, i) => `P${i}`),
      markOf: (row) => row.values.staffId,
      fields: ['姓名', '身分證', '職務'],
      secrets: ['A123456789', '王小明'],
      trace: () => traceOf(folder.path),
      sent: () => contentsOf(folder.path),
      async repeatRow() {
        await write(print(records + 1).replace(`P${records}\n`, 'P0\n'));
        return 'P0';
      },
      addField: (name) => write(print(records).replace('  職務：教師', `  職務：教師\n  ${name}：x`)),
      async breakRow() {
        await write(print(records, 2));
        return 'P2';
      },
      fail: (fault) => faults[fault]!(),
      close: () => folder.remove(),
    };
  },
};
