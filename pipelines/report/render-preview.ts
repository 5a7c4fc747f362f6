/** A rehearsal of a snapshot for a terminal, and as a table that one can hand around. */
import { EXCEPTION_MESSAGES } from '../../schemas/messages/exceptions.ts';
import type { PreviewLine, SnapshotPreview } from '../../schemas/outputs/snapshot-preview.ts';
import { exceptionTitle } from './exception-titles.ts';
import { minute, movedNote, number, PLAN_KIND } from './labels.ts';
import { moment, type ReportTable, tableOf } from './tables/table-model.ts';
import { LONGEST_LIST, paragraph, WIDTH } from './text-layout.ts';
import { textTable } from './text-table.ts';

export const PREVIEW_TITLE = '快照準備情形';

export const COVERAGE_LABEL = {
  fresh: '當日更新',
  'carried-forward': '沿用前次',
  held: '暫停待核定',
  'never-received': '從未送達',
} as const;

const standing = (line: PreviewLine): string =>
  `${COVERAGE_LABEL[line.status]}${line.since === null ? '' : ` ${minute(line.since)}`}`;
/** Without the full stop that a message of its own ends with. */
const told = (line: PreviewLine): string => line.problems.map(({ text }) => text.zh.replace(/。$/, '')).join('；');
/** On a terminal an exception is called by its title, and what is only to be known is left to the table. */
const toldInShort = (line: PreviewLine): string =>
  line.problems
    .filter(({ level }) => level !== 'info')
    .map(({ code, text }) => (code in EXCEPTION_MESSAGES ? exceptionTitle(code) : text.zh))
    .join('；');
const contactsOf = ({ contacts }: SnapshotPreview): string => `${contacts.phone}、${contacts.email}`;

const deadlineNote = (preview: SnapshotPreview): string =>
  `基準時間 ${minute(preview.cutOff)} 前登錄者列入（R24）；幼兒園異動須於 ${minute(preview.approveBy)} 夜間執行前核定（R15）。`;

/** Who is not ready first; those who are stand below with nothing to do. */
export const previewTable = (preview: SnapshotPreview): ReportTable =>
  tableOf(
    PREVIEW_TITLE,
    [
      { title: '準備', of: (l: PreviewLine) => (l.ready ? '就緒' : '未就緒') },
      { title: '機構代碼', of: (l) => l.code },
      { title: '學制', of: (l) => l.section },
      { title: '機構', of: (l) => l.name },
      { title: '行政區', of: (l) => l.district },
      { title: '電話', of: (l) => l.phone },
      { title: '資料狀態', of: (l) => COVERAGE_LABEL[l.status] },
      { title: '資料時間', of: (l) => moment(l.since), kind: 'moment' },
      { title: '教師', of: (l) => l.teachers, kind: 'number' },
      { title: '異動待審', of: (l) => l.pending, kind: 'number' },
      { title: '待審無前版', of: (l) => l.pendingWithoutPrevious, kind: 'number' },
      { title: '待處理', of: told },
    ],
    preview.institutions,
    { note: `${preview.name} ${PLAN_KIND[preview.kind]}：${deadlineNote(preview)}洽詢：${contactsOf(preview)}。` },
  );

export function renderPreview(preview: SnapshotPreview): string {
  const { counts, institutions, checks, taken } = preview;
  const open = institutions.filter(({ ready }) => !ready);
  const failed = checks.filter(({ ok }) => !ok);
  const more = open.length - LONGEST_LIST;
  const moved = movedNote({
    campaign: preview.campaign,
    name: preview.name,
    cutOff: preview.cutOff,
    ...(preview.moved && { moved: preview.moved }),
  });
  return [
    `【${PREVIEW_TITLE}】${preview.name} ${PLAN_KIND[preview.kind]}`,
    `Rehearsal of ${preview.campaign} ${preview.kind}: nothing is made or stored`,
    ...paragraph(deadlineNote(preview), 0),
    ...(moved === '' ? [] : paragraph(`${moved}。`, 0)),
    `依第 ${preview.run} 次執行，記錄至 ${minute(preview.recordedThrough)}`,
    ...(taken.length > 0 ? [`此基準時間已有快照 taken already: ${taken.join('、')}`] : []),
    '',
    `若現在結算：${number(counts.rows)} 列；機構 ${number(counts.institutions)}（就緒 ${number(counts.ready)}、未就緒 ${number(open.length)}），教師 ${number(counts.teachers)}，職稱無職別 ${number(counts.unknownTitles)}`,
    `  ${Object.entries(COVERAGE_LABEL)
      .map(([status, label]) => `${label} ${number((counts as Record<string, number>)[status] ?? 0)}`)
      .join(
        '、',
      )}；異動待審 ${number(counts.pending)} 筆；本計畫排除 ${number(counts.excluded)}，非對象 ${number(counts.notAddressed)}`,
    failed.length === 0
      ? `檢核：${checks.length} 項均符合 all checks would pass`
      : `檢核：${failed.length} 項不符，快照無法產生：${failed.map(({ name, found }) => `${name}（${found}）`).join('；')}`,
    '',
    ...(open.length === 0
      ? ['所有機構均已就緒。 Every institution is ready.']
      : textTable(
          [
            { title: '機構', of: (l: PreviewLine) => `${l.code} ${l.section} ${l.name}`, flexible: true },
            { title: '電話', of: (l) => l.phone ?? '（未載）' },
            { title: '狀態', of: standing },
            { title: '待處理', of: toldInShort, flexible: true },
          ],
          open.slice(0, LONGEST_LIST),
          WIDTH,
          0,
        )),
    ...(more > 0 ? [`……另有 ${number(more)} 所未就緒；--format csv、xlsx、ods 或 --json 列出全部`] : []),
    '',
    `洽詢 help: ${contactsOf(preview)}`,
  ].join('\n');
}
