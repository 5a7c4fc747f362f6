import { rm } from 'node:fs/promises';
import { type Inbox, makeInbox } from '../../support/inbox.ts';
import type { Harness } from '../harness.ts';
import { contentsOf, traceOf } from './folder.ts';

interface Kind {
  connector: 'roster' | 'accounts' | 'courses';
  titles: string;
  row(number: number): string;
  column: 'name' | 'accountName' | 'courseCode';
  mark(number: number): string;
}

const FILE = '064601/教職員.csv';

/** Rosters, accounts and courses are one connector with three kinds of titles. */
function filesHarness(type: string, { connector, titles, row, column, mark }: Kind): Harness {
  const content = (count: number, broken = -1): string =>
    [titles, ...Array.from({ length: count }, (_, i) => row(i) + (i === broken ? ',多出的一格' : ''))].join('\n');
  const FAULTS: Record<string, (inbox: Inbox, count: number) => Promise<void>> = {
    'an empty file': (inbox) => inbox.put(FILE, ''),
    'a file without titles': (inbox) => inbox.put(FILE, 'a,b\nc,d\n'),
    'a quote that is never closed': (inbox, count) => inbox.put(FILE, `${content(count)}\n"064601,`),
    'titles without a row': (inbox) => inbox.put(FILE, `${titles}\n`),
    'half a workbook': (inbox) => inbox.put(FILE, 'PK\u0003\u0004 and no more'),
    'an inbox that is gone': (inbox) => rm(inbox.path, { recursive: true }),
  };
  return {
    type,
    complete: true,
    moment: 'source',
    json: false,
    server: false,
    schools: false,
    several: false,
    leaves: true,
    notWhole: 'titles without a row',
    faults: {
      'an empty file': 'file-empty',
      'a file without titles': 'file-header-missing',
      'a quote that is never closed': 'file-quotes-broken',
      'titles without a row': 'file-no-rows',
      'half a workbook': 'file-archive-broken',
      'an inbox that is gone': 'inbox-missing',
    },
    async start(records) {
      const inbox = await makeInbox();
      await inbox.put(FILE, content(records));
      return {
        connector: inbox[connector],
        marks: Array.from({ length: records }, (_, i) => mark(i)),
        markOf: (found) => found.values[column],
        fields: titles.split(','),
        secrets: ['A123456789', '王小明', '0912345678'],
        trace: () => traceOf(inbox.path),
        sent: () => contentsOf(inbox.path),
        async repeatRow() {
          await inbox.put(FILE, `${content(records)}\n${row(0)}`);
          return mark(0);
        },
        addField: (name) => inbox.put(FILE, content(records).replace(titles, `${titles},${name}`)),
        async breakRow() {
          await inbox.put(FILE, content(records, 2));
          return mark(2);
        },
        fail: (fault) => FAULTS[fault]!(inbox, records),
        close: () => inbox.remove(),
      };
    },
  };
}

export const rosterFiles = filesHarness('roster-files', {
  connector: 'roster',
  titles: '學校代碼,姓名,身分證字號,聯絡電話',
  row: (i) => `064601,王小明${i},A123456789,0912345678`,
  column: 'name',
  mark: (i) => `王小明${i}`,
});

export const accountFiles = filesHarness('account-files', {
  connector: 'accounts',
  titles: '學校代碼,帳號,帳號類別,身分證字號,姓名,狀態',
  row: (i) => `064601,teacher${i},總負責人,A123456789,王小明,啟用`,
  column: 'accountName',
  mark: (i) => `teacher${i}`,
});

export const courseFiles = filesHarness('course-files', {
  connector: 'courses',
  titles: '學校代碼,課程代碼,課程名稱,登錄帳號,處理狀態',
  row: (i) => `064601,course${i},王小明講座0912345678,A123456789,取消`,
  column: 'courseCode',
  mark: (i) => `course${i}`,
});
