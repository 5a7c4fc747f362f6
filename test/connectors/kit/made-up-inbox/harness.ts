import { rm } from 'node:fs/promises';
import iconv from 'iconv-lite';
import { type InboxFolder, makeInboxFolder } from '../../support/inbox.ts';
import type { Harness } from '../harness.ts';
import { contentsOf, traceOf } from '../harnesses/folder.ts';
import { openClockFiles } from './connector.ts';

const FILE = '064601/差勤.txt';
const MAX_BYTES = 512 * 1024;

/** A list of so many people. `end` stands behind each, `stray` behind one. */
const list = (count: number, { end = '', stray = -1, school = '064601' } = {}): string =>
  [
    `差勤|${school}|1130801|${count}`,
    ...Array.from({ length: count }, (_, i) =>
      [`K${i}`, `王小明${i}`, 'A123456789', '教師', `0000${i}${end}${i === stray ? '|又一欄' : ''}`].join('|'),
    ),
  ].join('\r\n');

export const clockFiles: Harness = {
  type: 'a made-up format of an inbox',
  complete: true,
  moment: 'source',
  json: false,
  unnamed: true,
  server: false,
  schools: false,
  several: false,
  leaves: true,
  notWhole: 'a list that was cut',
  faults: {
    'a file of another kind': 'file-header-missing',
    'a list that was cut': 'api-total',
    'a list of nobody': 'api-empty',
    'a list of another school': 'file-school-conflict',
    'a file of no school': 'file-school-unknown',
    'a file over the limit': 'file-too-large',
    'an inbox that is gone': 'inbox-missing',
  },
  async start(records) {
    const inbox = await makeInboxFolder();
    const put = (text: string, name = FILE) => inbox.put(name, iconv.encode(text, 'big5'));
    await put(list(records));
    const faults: Record<string, (folder: InboxFolder) => Promise<void>> = {
      'a file of another kind': () => put('姓名,職稱\r\n'),
      'a list that was cut': () => put(list(records).slice(0, -60)),
      'a list of nobody': () => put(list(0)),
      'a list of another school': () => put(list(records, { school: '064602' })),
      'a file of no school': async ({ path }) => {
        await rm(`${path}/064601`, { recursive: true });
        await put(list(records), '差勤.txt');
      },
      'a file over the limit': () => put(list(records, { end: ' '.repeat(MAX_BYTES / records) })),
      'an inbox that is gone': ({ path }) => rm(path, { recursive: true }),
    };
    return {
      connector: openClockFiles({ name: 'clock', ...inbox.settings, maxBytes: MAX_BYTES }, inbox.environment),
      marks: Array.from({ length: records }, (_, i) => `K${i}`),
      markOf: (row) => row.values.staffId,
      fields: ['#1', '#2', '#3', '#4', '#5'],
      secrets: ['A123456789', '王小明'],
      trace: () => traceOf(inbox.path),
      sent: () => contentsOf(inbox.path),
      async repeatRow() {
        await put(list(records + 1).replace(`K${records}|`, 'K0|'));
        return 'K0';
      },
      addField: () => put(list(records, { end: '|x' })),
      async breakRow() {
        await put(list(records, { stray: 2 }));
        return 'K2';
      },
      fail: (fault) => faults[fault]!(inbox),
      close: () => inbox.remove(),
    };
  },
};
