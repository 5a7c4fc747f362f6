/** A receipt in words, for a terminal of 100 columns or a mail. */
import type { Receipt } from '../../schemas/outputs/receipt.ts';
import * as w from './receipt-words.ts';
import { LONGEST_LIST, paragraph } from './text-layout.ts';

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', title, ...lines];

function filesOf(r: Receipt): string[] {
  return r.files.flatMap((file) => [
    ...paragraph(`${file.name ?? r.source}　送達 ${w.minute(file.arrivedAt)}`),
    ...paragraph(`讀為 ${w.takenFor(r, file)}${w.readAs(file) ? `，${w.readAs(file)}` : ''}`, 4),
    ...(file.columns.length > 0 ? paragraph(`採用欄位：${w.columnsFound(file)}`, 4) : []),
    ...(file.ignored.length > 0 ? paragraph(`略過欄位：${file.ignored.join('、')}`, 4) : []),
    ...(file.dropped.length > 0 ? paragraph(`不讀取也不保存：${file.dropped.join('、')}`, 4) : []),
  ]);
}

export function renderReceipt(r: Receipt): string {
  const lines = [
    `回條　${w.sender(r)}　${w.OUTCOME[r.outcome]}`,
    ...paragraph(`來源 ${r.source}，第 ${r.run} 次執行，資料時間 ${w.minute(r.clock)}`, 0),
    ...section('【檔案】', [...filesOf(r), ...r.setAside.flatMap((name) => paragraph(`未計入：${w.setAside(name)}`))]),
    ...(r.error ? section('【原因】', paragraph(r.error.text.zh)) : []),
    ...section(
      '【筆數】',
      paragraph(w.COUNTS.map(([title, field]) => `${title} ${w.number(r.counts[field])}`).join('　')),
    ),
    ...section(
      '【請貴單位處理】',
      r.todo.length === 0
        ? ['  沒有需要處理的事。']
        : [
            ...r.todo.flatMap((t, i) => paragraph(`${i + 1}. ${t.zh}`)),
            ...(w.deadline(r) ? paragraph(w.deadline(r)) : []),
          ],
    ),
    ...section('【未採用的資料】', [
      ...r.rows
        .slice(0, LONGEST_LIST)
        .flatMap((row) => [
          ...paragraph(`${w.placeText(row.object, row.row)}　${w.effect(row)}`),
          ...w.reasons(row).flatMap((text) => paragraph(text, 6)),
        ]),
      ...(r.rows.length > LONGEST_LIST || r.moreRows > 0
        ? [`  … 另有 ${w.number(Math.max(0, r.rows.length - LONGEST_LIST) + r.moreRows)} 列`]
        : []),
    ]),
    ...section(
      '【提醒】',
      r.warnings.flatMap((x) => paragraph(`${w.number(x.rows)} 列：${x.text.zh}`)),
    ),
    ...section(
      '【其他事項】',
      r.matters.flatMap((m) => [
        ...paragraph(`${m.title}${m.about ? `　${m.about}` : ''}（自 ${m.since.slice(0, 10)}）`),
        ...paragraph(m.text.zh, 6),
      ]),
    ),
    ...(w.help(r) ? ['', `有疑問請洽：${w.help(r)}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}
