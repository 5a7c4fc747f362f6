/** What waits for somebody, and what was handed out. */
import type { RunReport } from '../../../schemas/outputs/report.ts';
import { columnTitle } from '../column-titles.ts';
import { exceptionGroups } from '../digest.ts';
import { driftRow, shapePairs } from '../drift-rows.ts';
import { ACTOR_TITLE, exceptionBrief, exceptionTitle, exceptionTodo, SEVERITY_TITLE } from '../exception-titles.ts';
import { minute, PLAN_KIND, reviewLabel, sourceTitle } from '../labels.ts';
import { placeText } from '../place-of.ts';
import { institutionColumns, schoolCode, schoolName } from './institution-columns.ts';
import { day, moment, type ReportTable, tableOf } from './table-model.ts';

type Pending = RunReport['pending'][number];

export const pending = (report: RunReport): ReportTable =>
  tableOf(
    '異動待審',
    [
      ...institutionColumns((r: Pending['records'][number] & Pick<Pending, 'institution'>) => r.institution),
      { title: '姓名', of: (r) => (r.kind === 'institution' ? '（機構資料）' : r.name) },
      { title: '待審事項', of: reviewLabel },
      { title: '審核狀態', of: (r) => r.review, print: 'never' },
      { title: '已有核定資料', of: (r) => (r.hasPrevious ? '是' : '否') },
      { title: '自', of: (r) => day(r.since), kind: 'date' },
    ],
    report.pending.flatMap(({ institution, records }) => records.map((r) => ({ ...r, institution }))),
    {
      note: report.nextCutOff
        ? `${report.nextCutOff.name}以 ${minute(report.nextCutOff.cutOff)} 前登錄者為準；待審資料須於當日凌晨執行前核定，方能列入。`
        : '核定後於次日凌晨執行時生效；核定前以前一次核定的資料為準。',
    },
  );

type Quarantined = RunReport['quarantine'][number];

const example = (e: Quarantined['examples'][number]): string =>
  `${placeText(e.object, e.row)}${e.column ? `「${columnTitle(e.column)}」欄` : ''}${e.value ? `：${e.value}` : ''}`;

export const quarantine = (report: RunReport): ReportTable =>
  tableOf(
    '有誤未採用',
    [
      { title: '來源', of: (q) => q.source },
      { title: '名稱', of: (q) => sourceTitle(report, q.source), print: 'never' },
      { title: '學校代碼', of: (q) => schoolCode(q.source), print: 'never' },
      { title: '學校', of: (q) => schoolName(q.institution), print: 'city' },
      { title: '列數', of: (q) => q.rows, kind: 'number' },
      { title: '原因與處理', of: (q) => q.text.zh },
      { title: '舉例', of: (q) => q.examples.map(example).join('\n') || null },
      { title: '訊息代碼', of: (q) => q.code, print: 'never' },
    ],
    report.quarantine,
    { note: '每種原因最多舉三例；個人資料已遮罩。更正後重新上傳即可。' },
  );

export const warnings = (report: RunReport): ReportTable =>
  tableOf(
    '提醒',
    [
      { title: '來源', of: (w) => w.source },
      { title: '名稱', of: (w) => sourceTitle(report, w.source), print: 'never' },
      { title: '學校代碼', of: (w) => schoolCode(w.source), print: 'never' },
      { title: '列數', of: (w) => w.rows, kind: 'number' },
      { title: '說明與處理', of: (w) => w.text.zh },
      { title: '訊息代碼', of: (w) => w.code, print: 'never' },
    ],
    report.warnings,
    { note: '已採用，但請留意的資料。', print: 'one' },
  );

export const drift = (report: RunReport): ReportTable =>
  tableOf(
    '來源格式變動',
    [
      { title: '來源', of: (r) => r.source },
      { title: '學校', of: (r) => schoolName(r.institution), print: 'city' },
      { title: '名冊', of: (r) => (r.form === 'changes' ? '異動名冊' : '完整名冊'), print: 'never' },
      { title: '自', of: (r) => moment(r.since), kind: 'moment' },
      { title: '變動', of: (r) => r.kind },
      { title: '欄位', of: (r) => r.field },
      { title: '原格式', of: (r) => r.before },
      { title: '新格式', of: (r) => r.after },
      { title: '列數', of: (r) => r.rows, kind: 'number' },
      { title: '處理', of: (r) => r.mode },
    ],
    report.drift.flatMap(({ source, institution, form, since, changes }) =>
      changes.map((change) => ({ source, institution, form, since, ...driftRow(change) })),
    ),
    { note: '確認無誤後由系統維運人員接受新格式（npx mingce contract accept 來源）；否則請對方更正。' },
  );

export const shapes = (report: RunReport): ReportTable =>
  tableOf(
    '新舊格式對照',
    [
      { title: '來源', of: (p) => p.source },
      { title: '名冊', of: (p) => (p.form === 'changes' ? '異動名冊' : '完整名冊') },
      { title: '原有格式', of: (p) => p.before },
      { title: '本次格式', of: (p) => p.after },
      { title: '異同', of: (p) => (p.differs ? '不同' : '相同') },
    ],
    report.drift.flatMap((d) => shapePairs(d).map((pair) => ({ source: d.source, form: d.form, ...pair }))),
    { print: 'never' },
  );

export const missing = (report: RunReport): ReportTable =>
  tableOf(
    '名冊未列人員',
    [
      ...institutionColumns((m: RunReport['missing'][number]) => m.institution),
      { title: '來源', of: (m) => m.source },
      { title: '人數', of: (m) => m.people, kind: 'number' },
      { title: '姓名', of: (m) => `${m.names.join('、')}${m.people > m.names.length ? '…' : ''}` },
    ],
    report.missing,
    { note: '未填異動別而不再出現的人員；仍保留在原單位，請學校（園）說明。' },
  );

export const exceptionKinds = (report: RunReport): ReportTable =>
  tableOf(
    '待處理事項統計',
    [
      { title: '種類', of: (g) => exceptionTitle(g.code) },
      { title: '件數', of: (g) => g.count, kind: 'number' },
      { title: '本次新增', of: (g) => g.opened, kind: 'number' },
      { title: '1 天內', of: (g) => g.ages[0], kind: 'number' },
      { title: '2–7 天', of: (g) => g.ages[1], kind: 'number' },
      { title: '8 天以上', of: (g) => g.ages[2], kind: 'number' },
      { title: '處理', of: (g) => exceptionTodo(g.code) || null },
    ],
    exceptionGroups(report),
    { print: 'city' },
  );

export const exceptions = (report: RunReport): ReportTable =>
  tableOf(
    '待處理事項',
    [
      { title: '種類', of: (e) => exceptionTitle(e.code) },
      ...institutionColumns((e: RunReport['exceptions'][number]) => e.institution),
      { title: '對象', of: (e) => e.about },
      { title: '重點', of: (e) => exceptionBrief(e.params) || null, print: 'city' },
      { title: '說明', of: (e) => e.text.zh, print: 'one' },
      { title: '開啟時間', of: (e) => moment(e.openedAt), kind: 'moment', print: 'never' },
      { title: '天數', of: (e) => e.ageDays, kind: 'number' },
      { title: '本次新增', of: (e) => (e.openedInThisRun ? '是' : '否'), print: 'never' },
      { title: '處理單位', of: (e) => ACTOR_TITLE[e.who], print: 'never' },
      { title: '嚴重程度', of: (e) => SEVERITY_TITLE[e.severity], print: 'never' },
      { title: '編號', of: (e) => e.number, kind: 'number', print: 'never' },
      { title: '訊息代碼', of: (e) => e.code, print: 'never' },
    ],
    exceptionGroups(report).flatMap((g) => g.items),
  );

export const suppressed = (report: RunReport): ReportTable =>
  tableOf(
    '暫不處理事項',
    [
      { title: '種類', of: (e) => exceptionTitle(e.code) },
      ...institutionColumns((e: RunReport['suppressed'][number]) => e.institution),
      { title: '對象', of: (e) => e.about },
      { title: '重點', of: (e) => exceptionBrief(e.params) || null },
      { title: '理由', of: (e) => e.suppressed.reason },
      { title: '決定者', of: (e) => e.suppressed.by },
      { title: '至', of: (e) => day(e.suppressed.until), kind: 'date' },
      { title: '天數', of: (e) => e.ageDays, kind: 'number' },
      { title: '編號', of: (e) => e.number, kind: 'number', print: 'never' },
      { title: '訊息代碼', of: (e) => e.code, print: 'never' },
    ],
    report.suppressed,
    { note: '已決定暫不處理，不計入待處理事項；期限過後重新列入。', print: 'city' },
  );

type Snapshot = RunReport['snapshots'][number];

export const snapshots = (report: RunReport): ReportTable =>
  tableOf(
    '快照',
    [
      { title: '快照', of: (s: Snapshot & { file: Snapshot['files'][number] | null }) => s.id },
      { title: '年度', of: (s) => s.campaign },
      { title: '用途', of: (s) => PLAN_KIND[s.kind] ?? s.kind },
      { title: '版次', of: (s) => s.version, kind: 'number' },
      { title: '基準時間', of: (s) => moment(s.cutOff), kind: 'moment' },
      { title: '檔案', of: (s) => s.file?.path ?? null },
      { title: '位元組', of: (s) => s.file?.bytes ?? null, kind: 'number' },
    ],
    report.snapshots.flatMap((s) => (s.files.length === 0 ? [null] : s.files).map((file) => ({ ...s, file }))),
    { note: '以基準時間前登錄的資料凍結，內容不再變動（R24）。', print: 'city' },
  );
