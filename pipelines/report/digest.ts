/** The few numbers that a reader looks for first. Pure. */
import { type ChangeCount, PERSON_GROUPS, type RunReport } from '../../schemas/outputs/report.ts';
import { REVERTED } from './revert-labels.ts';

export interface Tally {
  group: string;
  count: number;
}

const FIRST_LOAD = /^首次登錄/;
/** Counted under what happened to the person's spell: the person's own row says nothing more. */
const SILENT: ReadonlySet<string> = new Set(['新增人員']);
const OTHERS = [
  '新增機構',
  '停辦',
  '復辦',
  '更名',
  '設立主體異動',
  '改為準公共',
  '退出準公共',
  '機構資料更正',
  '改由上位來源認定',
  '新增帳號',
  '帳號異動',
  '帳號刪除',
  '帳號恢復',
];
const ORDER: readonly string[] = [...PERSON_GROUPS, ...OTHERS];
const place = (group: string): number => (ORDER.includes(group) ? ORDER.indexOf(group) : ORDER.length);

/** Changes by kind in the reader's order, without what a first picture brought. */
export function changeTally(changes: readonly ChangeCount[], entities?: readonly ChangeCount['entity'][]): Tally[] {
  const counts = new Map<string, number>();
  for (const { entity, action, reason, count } of changes) {
    if (FIRST_LOAD.test(reason) || SILENT.has(reason)) continue;
    if (reason === REVERTED && entity === 'person' && action !== 'change') continue;
    if (entities && !entities.includes(entity)) continue;
    counts.set(reason, (counts.get(reason) ?? 0) + count);
  }
  return [...counts]
    .map(([group, count]) => ({ group, count }))
    .sort((a, b) => place(a.group) - place(b.group) || (a.group < b.group ? -1 : 1));
}

export interface FirstLoadTotals {
  institutions: number;
  people: number;
  ended: number;
  accounts: number;
}

export function firstLoadTotals(changes: readonly ChangeCount[]): FirstLoadTotals {
  const of = (reason: string): number =>
    changes.filter((c) => c.reason === reason).reduce((sum, { count }) => sum + count, 0);
  return {
    institutions: of('首次登錄（機構）'),
    people: of('首次登錄'),
    ended: of('首次登錄（已離開）'),
    accounts: of('首次登錄（帳號）'),
  };
}

export const isFirstLoad = (changes: readonly ChangeCount[]): boolean =>
  Object.values(firstLoadTotals(changes)).some((n) => n > 0);

export interface Waiting {
  pending: number;
  pendingUnits: number;
  withoutPrevious: number;
  quarantined: number;
  missing: number;
  /** Known records of which it could not be judged whether they are missing. */
  notJudged: number;
  candidates: number;
  exceptions: number;
  opened: number;
  failedSources: number;
}

/** What waits for somebody. */
export function waitingOf(report: RunReport): Waiting {
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
  const parts = report.run.sources.flatMap((s) => s.parts ?? [s]);
  return {
    pending: sum(report.pending.map((p) => p.records.length)),
    pendingUnits: report.pending.length,
    withoutPrevious: sum(report.pending.map((p) => p.records.filter((r) => !r.hasPrevious).length)),
    quarantined: sum(report.quarantine.map((q) => q.rows)),
    missing: sum(report.missing.map((m) => m.people)),
    notJudged: sum(report.exceptions.map((e) => (e.code === 'missing-not-judged' ? Number(e.params.known) : 0))),
    candidates: report.run.reviewWaiting,
    exceptions: report.exceptions.length,
    opened: report.exceptions.filter((e) => e.openedInThisRun).length,
    failedSources: parts.filter((p) => p.status === 'failed').length,
  };
}

export interface ExceptionGroup {
  code: string;
  count: number;
  opened: number;
  oldestDays: number;
  /** Open for up to one day, up to a week, longer. */
  ages: [today: number, week: number, older: number];
  items: RunReport['exceptions'];
}

export function exceptionGroups(report: RunReport): ExceptionGroup[] {
  return [...Map.groupBy(report.exceptions, (e) => e.code)]
    .map(([code, items]): ExceptionGroup => {
      const within = (from: number, to: number): number =>
        items.filter((e) => e.ageDays >= from && e.ageDays <= to).length;
      return {
        code,
        count: items.length,
        opened: items.filter((e) => e.openedInThisRun).length,
        oldestDays: Math.max(...items.map((e) => e.ageDays)),
        ages: [within(0, 1), within(2, 7), within(8, Number.POSITIVE_INFINITY)],
        items,
      };
    })
    .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
}

export interface QuarantineTotal {
  source: string;
  code: string;
  text: { zh: string; en: string };
  rows: number;
  sources: number;
  examples: {
    source: string;
    institution: string | null;
    object: string;
    row: number;
    column: string | null;
    value: string | null;
  }[];
}

const EXAMPLES = 3;

/** Rows by source and reason; the schools of one drop together. */
export function quarantineTotals(report: RunReport): QuarantineTotal[] {
  const key = (q: RunReport['quarantine'][number]): string => `${q.source.split('/', 1)[0]} ${q.code}`;
  return [...Map.groupBy(report.quarantine, key).values()]
    .map((groups): QuarantineTotal => {
      const [first] = groups as [RunReport['quarantine'][number]];
      return {
        source: first.source.split('/', 1)[0] as string,
        code: first.code,
        text: first.text,
        rows: groups.reduce((sum, q) => sum + q.rows, 0),
        sources: groups.length,
        examples: groups
          .flatMap((q) => q.examples.map((e) => ({ source: q.source, institution: q.institution, ...e })))
          .slice(0, EXAMPLES),
      };
    })
    .sort((a, b) => (a.source === b.source ? b.rows - a.rows : a.source < b.source ? -1 : 1));
}
