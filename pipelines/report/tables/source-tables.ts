/** What came from each source, and what became of it. */
import type { RunReport } from '../../../schemas/outputs/report.ts';
import { expectation, LEDGER, partsNote, SOURCE_STATUS, sourceStatus, sourceTitle } from '../labels.ts';
import { schoolCode, schoolName } from './institution-columns.ts';
import { type ColumnOf, moment, type ReportTable, tableOf } from './table-model.ts';

type Counts = Record<(typeof LEDGER)[number][1], number>;
const counts = <Row>(of: (row: Row) => Counts | null): ColumnOf<Row>[] =>
  LEDGER.map(([title, field]) => ({ title, kind: 'number', of: (row) => of(row)?.[field] ?? null }));

const BALANCE =
  '讀入 = 採用 + 未變 + 有誤 + 待審 + 重複。「未列」是完整名冊中不再出現的已知人員，不計入讀入，也不視為離開。';

type Heard = RunReport['run']['sources'][number];
interface Line {
  source: string;
  status: string;
  asOf: string | null;
  note: string;
  heard: Heard | null;
}

export function ledger(report: RunReport): ReportTable {
  const heard = new Set(report.run.sources.map((s) => s.source));
  const lines: Line[] = [
    ...report.run.sources.map((s) => ({
      source: s.source,
      status: sourceStatus(s),
      asOf: s.asOf,
      note: partsNote(report, s),
      heard: s,
    })),
    ...report.known
      .filter((k) => !heard.has(k.source))
      .map((k) => ({ source: k.source, status: '本次未讀取', asOf: k.newest, note: '沿用前次資料', heard: null })),
  ];
  return tableOf(
    '來源帳目',
    [
      { title: '來源', of: (s) => s.source },
      { title: '名稱', of: (s) => sourceTitle(report, s.source) },
      { title: '狀態', of: (s) => s.status },
      { title: '資料時間', of: (s) => moment(s.asOf), kind: 'moment' },
      { title: '應收', of: (s) => expectation(report, s.source) || null },
      ...counts<Line>((s) => s.heard),
      { title: '說明', of: (s) => s.note || null },
    ],
    report.narrowedTo ? [] : lines,
    { note: BALANCE },
  );
}

/** Each school's file; narrowed to an institution, the files of that school. */
export function schoolLedger(report: RunReport): ReportTable {
  const only = report.narrowedTo?.code;
  const parts = report.run.sources
    .flatMap((s) => s.parts ?? [s])
    .filter((p) => schoolCode(p.source) !== null && (only === undefined || schoolCode(p.source) === only));
  return tableOf(
    '各校帳目',
    [
      { title: '來源', of: (p) => p.source },
      { title: '名稱', of: (p) => sourceTitle(report, p.source) },
      { title: '學校代碼', of: (p) => schoolCode(p.source), print: 'never' },
      { title: '狀態', of: (p) => SOURCE_STATUS[p.status] ?? p.status },
      { title: '資料時間', of: (p) => moment(p.asOf), kind: 'moment' },
      ...counts<(typeof parts)[number]>((p) => p),
    ],
    parts,
    { note: BALANCE, print: 'one' },
  );
}

export const failures = (report: RunReport): ReportTable =>
  tableOf(
    '失敗的來源',
    [
      { title: '來源', of: (f) => f.source },
      { title: '學校', of: (f) => schoolName(f.institution), print: 'city' },
      { title: '原因與處理', of: (f) => f.text.zh },
    ],
    report.failures,
    { note: '失敗的來源沿用前次資料，無人因此異動。' },
  );

const LAST: readonly ColumnOf<Received>[] = [
  { title: '來源', of: (r) => r.source },
  { title: '名稱', of: (r) => r.title },
  { title: '學校代碼', of: (r) => schoolCode(r.source), print: 'city' },
  { title: '學校', of: (r) => schoolName(r.institution), print: 'city' },
  { title: '最近收到', of: (r) => moment(r.lastReceived), kind: 'moment' },
  { title: '距今天數', of: (r) => r.days, kind: 'number' },
  { title: '應收天數', of: (r) => r.every, kind: 'number' },
  { title: '狀態', of: (r) => (r.late ? '逾期' : null) },
];
type Received = RunReport['freshness'][number]['schools'][number] & { title: string; every: number | null };

const lastOfEach = (report: RunReport): Received[] =>
  report.freshness.flatMap((f) =>
    f.schools.map((s) => ({ ...s, title: sourceTitle(report, f.source), every: f.expectEveryDays })),
  );

/** When something last came from each school. */
export const received = (report: RunReport): ReportTable =>
  tableOf('各校收件', LAST, lastOfEach(report), { note: '久未送件者在前。', print: 'one' });

/** Of these the late ones, for a page of the whole city. */
export const lateSchools = (report: RunReport): ReportTable =>
  tableOf(
    '逾期未送件的學校',
    LAST,
    lastOfEach(report).filter(({ late }) => late),
    { note: '沿用前次資料；久未送件者在前。', print: 'city' },
  );
