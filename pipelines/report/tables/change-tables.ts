/** What changed: institutions, people, accounts, and what came for the first time. */
import type { RunReport } from '../../../schemas/outputs/report.ts';
import { groupLabel, unitLabel } from '../labels.ts';
import { institutionColumns } from './institution-columns.ts';
import { day, moment, type ReportTable, tableOf } from './table-model.ts';

export const institutions = (report: RunReport): ReportTable =>
  tableOf(
    '機構異動',
    [
      ...institutionColumns((e: RunReport['institutions'][number]) => e.institution),
      { title: '異動', of: (e) => e.group },
      { title: '生效日', of: (e) => day(e.effective), kind: 'date' },
      { title: '內容', of: (e) => e.detail },
      { title: '規則', of: (e) => e.rule },
    ],
    report.institutions,
  );

/** For `mingce explain person`; a name of digits, nothing to add up. */
const personId = (id: number | null): string | null => (id === null ? null : String(id));

export const moves = (report: RunReport): ReportTable =>
  tableOf(
    '人員調動',
    [
      { title: '姓名', of: (m: RunReport['moves'][number]) => m.name },
      { title: '人員編號', of: (m) => personId(m.person), print: 'never' },
      ...institutionColumns((m: RunReport['moves'][number]) => m.from, {
        prefix: '原單位',
        print: 'always',
        none: '（本市名冊外或更早離開）',
      }),
      ...institutionColumns((m: RunReport['moves'][number]) => m.to, {
        prefix: '新單位',
        print: 'always',
        none: '（尚未有新單位登錄）',
      }),
      { title: '生效日', of: (m) => day(m.effective), kind: 'date' },
      { title: '規則', of: (m) => m.rule },
    ],
    report.moves,
    { note: '原單位轉出與新單位轉入合併為一列（R08）。' },
  );

export const people = (report: RunReport): ReportTable =>
  tableOf(
    '人員異動',
    [
      ...institutionColumns((r: PersonLine) => r.institution),
      { title: '異動', of: (r) => groupLabel(r.group) },
      { title: '姓名', of: (r) => r.name },
      { title: '人員編號', of: (r) => personId(r.person), print: 'never' },
      { title: '職稱', of: (r) => r.title },
      { title: '生效日', of: (r) => day(r.effective), kind: 'date' },
      { title: '登錄時間', of: (r) => moment(r.registeredAt), kind: 'moment', print: 'never' },
      { title: '內容', of: whatChanged },
      { title: '規則', of: (r) => r.rule },
    ],
    report.units.flatMap(({ institution, people }) => people.map((p) => ({ ...p, institution }))),
  );

type PersonLine = RunReport['units'][number]['people'][number] & Pick<RunReport['units'][number], 'institution'>;

function whatChanged(p: PersonLine): string | null {
  const parts = [
    p.detail,
    p.other ? `${p.group === '轉校' ? '至' : '自'} ${unitLabel(p.other)}` : null,
    p.arrivedEnded ? '（送件時已離開）' : null,
  ].filter((part) => part);
  return parts.length === 0 ? null : parts.join(' ');
}

type AccountLine = RunReport['units'][number]['accounts'][number] & Pick<RunReport['units'][number], 'institution'>;

export const accounts = (report: RunReport): ReportTable =>
  tableOf(
    '帳號異動',
    [
      ...institutionColumns((r: AccountLine) => r.institution),
      { title: '異動', of: (r) => r.group },
      { title: '持有人', of: (r) => r.holder ?? '（無持有人）' },
      { title: '帳號', of: (r) => r.accountName },
      { title: '帳號類別', of: (r) => r.accountKind },
      { title: '生效日', of: (r) => day(r.effective), kind: 'date' },
      { title: '內容', of: (r) => r.detail },
      { title: '規則', of: (r) => r.rule },
    ],
    report.units.flatMap(({ institution, accounts }) => accounts.map((a) => ({ ...a, institution }))),
  );

/** The first night of a city has all of its institutions. */
const MOST_FIRST_LOADS = 40;

export const firstLoads = (report: RunReport): ReportTable =>
  tableOf(
    '首次登錄',
    [
      ...institutionColumns((f: RunReport['firstLoads'][number]) => f.institution),
      { title: '人員', of: (f) => f.people, kind: 'number' },
      { title: '送件時已離開', of: (f) => f.alreadyEnded, kind: 'number' },
      { title: '帳號', of: (f) => f.accounts, kind: 'number' },
    ],
    report.firstLoads,
    { note: '第一次送件的機構只計人數，不逐一列名。', most: MOST_FIRST_LOADS },
  );
