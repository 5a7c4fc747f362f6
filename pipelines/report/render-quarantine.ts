/** The quarantine in words, for a terminal of 100 columns. */
import type { QuarantineList, QuarantineRow } from '../../schemas/outputs/quarantine.ts';
import { number } from './labels.ts';
import { placeText } from './place-of.ts';
import { LONGEST_LIST, paragraph } from './text-layout.ts';

const SEVERITY = { row: '整列未採用', value: '僅此欄未採用' } as const;

function kept({ lastGoodKept, severity }: QuarantineRow): string {
  if (lastGoodKept === null) return '無法辨認是哪一筆，前次資料不變';
  if (lastGoodKept) return '沿用前次正確資料';
  return severity === 'row' ? '尚無前次資料，未列入名冊' : '尚無前次資料，此欄空白';
}

function rowText(row: QuarantineRow): string[] {
  const [first] = row.issues;
  const cell = first?.title ? `「${first.title}」${first.value === null ? '' : `：${first.value}`}` : '';
  const others = row.issues
    .slice(1)
    .filter((issue) => issue.severity !== 'doubt')
    .map((issue) => `另「${issue.title ?? '整列'}」：${issue.text.zh}`);
  return [
    ...paragraph(
      [`#${row.id}`, placeText(row.object, row.row), cell, `（${kept(row)}）`].filter((t) => t).join('　'),
      6,
    ),
    ...others.flatMap((text) => paragraph(text, 10)),
  ];
}

/** @param correctable whether a correction file can be made of a source's rows */
export function renderQuarantine(list: QuarantineList, correctable: (source: string) => boolean): string {
  if (list.rows === 0) return '沒有未採用的資料 nothing is quarantined\n';
  const lines = [`未採用的資料 ${number(list.rows)} 列${list.truncated ? '（僅列前面部分）' : ''}　quarantine`];
  for (const cause of list.causes) {
    const rows = list.list.filter(
      (row) =>
        row.source === cause.source &&
        row.severity === cause.severity &&
        row.issues[0]?.code === cause.code &&
        row.issues[0]?.column === cause.column,
    );
    lines.push(
      '',
      ...paragraph(
        `■ ${cause.institution ?? cause.source}（${cause.source}）　${number(cause.rows)} 列　${SEVERITY[cause.severity]}　${cause.code}`,
        0,
      ),
      ...paragraph(cause.text.zh, 3),
      ...rows.slice(0, LONGEST_LIST).flatMap(rowText),
    );
    if (rows.length > LONGEST_LIST) lines.push(`      … 另有 ${number(rows.length - LONGEST_LIST)} 列，見 --json`);
  }
  if (list.causes.some(({ source }) => correctable(source)))
    lines.push('', ...paragraph('給學校的更正檔：mingce quarantine export 學校代碼 檔名.xlsx', 0));
  return `${lines.join('\n')}\n`;
}
