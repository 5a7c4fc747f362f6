/** The words of the report, for those who read Traditional Chinese first; one place, so that text, pages and later formats agree. */
import { RUN_MESSAGES } from '../../schemas/messages/runs.ts';
import type { InstitutionRef } from '../../schemas/outputs/institution-ref.ts';
import type { RunReport } from '../../schemas/outputs/report.ts';
import type { SourceDetail } from '../../schemas/outputs/run-list.ts';
import { say } from './say.ts';

export const RUN_STATUS: Readonly<Record<string, string>> = {
  running: '執行中',
  complete: '完成',
  held: '部分暫停，待核定',
  failed: '失敗',
};
/** How a run stands. One that was applied and broke afterwards is done and owes its report or its snapshots. */
export const runStatus = (run: { status: string; error: unknown }): string =>
  run.status === 'complete' && run.error !== null ? '已寫入，報告或快照未完成' : (RUN_STATUS[run.status] ?? run.status);
/** What an error means for the roster. */
export const runConsequence = (run: { status: string }): string =>
  run.status === 'failed' ? '先前的名冊不受影響' : '本次異動已寫入名冊，未完成的部分下次執行時重試';
/** Why a run broke, in Chinese; empty where the catalogue does not say. */
export const runErrorReason = (code: string): string => (code in RUN_MESSAGES ? say(code, {}).zh : '');
export const RUN_KIND: Readonly<Record<string, string>> = {
  nightly: '夜間排程',
  manual: '人工執行',
  closing: '基準日結算',
  replay: '重新處理',
  decision: '核定後寫入',
  revert: '撤銷執行',
};
export const SOURCE_STATUS: Readonly<Record<string, string>> = {
  waiting: '等待中',
  fresh: '已更新',
  'carried-forward': '沿用前次',
  held: '暫停',
  failed: '失敗',
};
/** Columns of the ledger, in the order in which the sum reads. */
export const LEDGER = [
  ['讀入', 'read'],
  ['採用', 'accepted'],
  ['未變', 'unchanged'],
  ['有誤', 'quarantined'],
  ['待審', 'excluded'],
  ['重複', 'duplicate'],
  ['未列', 'missing'],
] as const;
export const PLAN_KIND: Readonly<Record<string, string>> = {
  'school-plan': '學校本位進修規劃',
  'teacher-plan': '教師自我進修規劃',
};
/** Of which day something is shown, and as known when; empty for what stands now. */
export const momentsOf = ({ asOf, on }: { asOf: string | null; on: string | null }): string => {
  const said = [on && `${on} 當日`, asOf && `${asOf} 當時所知`].filter(Boolean);
  return said.length === 0 ? '' : `　（${said.join('，')}）`;
};
const PERSON_GROUP: Readonly<Record<string, string>> = { 轉校: '轉出（轉校）', 主聘異動: '主聘／兼任異動' };
export const groupLabel = (group: string): string => PERSON_GROUP[group] ?? group;

const ARRIVALS: ReadonlySet<string> = new Set(['新進', '轉入', '回任', '復職']);
const LEAVES: ReadonlySet<string> = new Set(
  ['轉校', '離職', '退休', '代理期滿', '留職停薪'].flatMap((g) => [g, groupLabel(g)]),
);
/** Whether somebody comes or goes, for the colour of a group or its label. */
export const groupTone = (group: string): 'in' | 'out' | 'other' =>
  ARRIVALS.has(group) ? 'in' : LEAVES.has(group) ? 'out' : 'other';

const GROUP_ENGLISH: Readonly<Record<string, string>> = {
  新進: 'hired',
  轉入: 'moved in',
  回任: 'returned',
  轉校: 'moved out',
  離職: 'resigned',
  退休: 'retired',
  代理期滿: 'term ended',
  任職撤銷: 'spell withdrawn',
  異動撤銷: 'change withdrawn',
  留職停薪: 'on leave',
  復職: 'back from leave',
  職稱異動: 'title changed',
  任教科目異動: 'subjects changed',
  主聘異動: 'primary unit changed',
  起始日更正: 'start corrected',
  資料更正: 'data corrected',
  併入: 'joined to another person',
  拆出: 'a person of their own again',
  人工指定: 'set by hand',
  人工指定結束: 'no longer set by hand',
  新增機構: 'institutions added',
  停辦: 'closed',
  復辦: 'reopened',
  更名: 'renamed',
  設立主體異動: 'operator changed',
  改為準公共: 'became quasi-public',
  退出準公共: 'no longer quasi-public',
  機構資料更正: 'institution data corrected',
  改由上位來源認定: 'taken over by a source with more authority',
  新增帳號: 'accounts added',
  帳號異動: 'accounts changed',
  帳號刪除: 'accounts deleted',
  帳號恢復: 'accounts given back',
  撤銷執行: 'undone',
};
/** A reason that a source gave of its own and that has no English yet stands as it is. */
export const groupEnglish = (group: string): string => GROUP_ENGLISH[group] ?? group;

export const number = (n: number): string => n.toLocaleString('en-US');

/** `2024-08-02T17:00:00+08:00` → `2024-08-02 17:00`: moments are already in Taipei time. */
export const minute = (moment: string): string => moment.slice(0, 16).replace('T', ' ');

/** That the cut-off was moved, and why; empty where it was not. */
export const movedNote = (next: RunReport['nextCutOff']): string =>
  next?.moved
    ? `基準時間由 ${minute(next.moved.from)} ${next.cutOff > next.moved.from ? '延至' : '提前至'} ${minute(next.cutOff)}（${next.moved.reason}）`
    : '';

export const unitLabel = (unit: InstitutionRef): string =>
  [unit.code, unit.path === 'kindergarten' ? null : unit.section, unit.name].filter((part) => part).join(' ');

/** A source by what it speaks for; its configured name stands beside it. */
export function sourceTitle(report: Pick<RunReport, 'known'>, source: string): string {
  const [drop] = source.split('/', 1);
  const kinds = report.known.find((k) => k.source === drop)?.kinds ?? [];
  if (kinds.includes('institution') && kinds.includes('staff')) return '教保資訊網';
  if (kinds.includes('staff')) return '學校名冊';
  if (kinds.includes('account')) return '業務帳號';
  if (kinds.includes('course')) return '研習課程';
  return kinds.includes('institution') ? '機構清單' : '';
}

/** One school's bad file does not make the whole drop a failure in a reader's eyes. */
export function sourceStatus(source: SourceDetail): string {
  const some = source.status === 'failed' && source.parts?.some((p) => p.status !== 'failed');
  return some ? '部分失敗' : (SOURCE_STATUS[source.status] ?? source.status);
}

/** How the parts of a drop stand: `312 校，其中 1 校失敗；其餘 20 校沿用前次`. */
export function partsNote(report: Pick<RunReport, 'known'>, source: SourceDetail): string {
  if (!source.parts) return '';
  const failed = source.parts.filter((p) => p.status === 'failed').length;
  const silent = (report.known.find((k) => k.source === source.source)?.parts ?? 0) - (source.parts.length - failed);
  // Parts of a source of institutions are the districts of the public map.
  const unit = report.known.find((k) => k.source === source.source)?.kinds.includes('institution') ? '區' : '校';
  const notes = [`${number(source.parts.length)} ${unit}送件`];
  if (failed > 0) notes.push(`${number(failed)} ${unit}失敗`);
  if (silent > 0) notes.push(`${number(silent)} ${unit}沿用前次`);
  return notes.join('、');
}

/** Moment and age of what a school sent last: `2024-07-29 10:00（4 日前）`. */
export const lastReceived = (school: RunReport['freshness'][number]['schools'][number]): string =>
  school.lastReceived === null
    ? '（尚無）'
    : `${minute(school.lastReceived)}（${school.days === 0 ? '不到 1 日' : `${number(school.days)} 日前`}）`;

/** How many schools of a drop sent something how long ago, for a chart. */
export function silenceTally(schools: RunReport['freshness'][number]['schools']): { label: string; value: number }[] {
  const steps = [
    ['不到 1 日', 0],
    ['1–7 日', 7],
    ['8–30 日', 30],
    ['31–90 日', 90],
    ['91 日以上', Number.POSITIVE_INFINITY],
  ] as const;
  const step = (days: number): number => steps.findIndex(([, most]) => days <= most);
  return steps.map(([label], i) => ({ label, value: schools.filter(({ days }) => step(days) === i).length }));
}

/** What is expected of a source and whether it came: `每 1 日` or `每 30 日，逾期 3`; empty where nothing is expected. */
export function expectation(report: Pick<RunReport, 'freshness'>, source: string): string {
  const found = report.freshness.find((f) => f.source === source);
  if (!found || found.expectEveryDays === null) return '';
  return `每 ${found.expectEveryDays} 日${found.late > 0 ? `，逾期 ${number(found.late)}` : ''}`;
}

/** What is under review, said in full. */
export const reviewLabel = (record: { review: string; reviewing: string | null; hasPrevious: boolean }): string =>
  `${record.reviewing ?? '異動'}${record.review === '退件' ? '（退件）' : ''}${record.hasPrevious ? '' : '・待審無前版'}`;

export const reportTitle = (report: RunReport): string =>
  `教師名冊核對報告 第 ${report.run.run} 次執行 ${minute(report.run.clock)}`;
