/** What happened, run by run, as a person can read it. */
import type { StoryLine, ThingExplained } from '../../schemas/outputs/explanation.ts';
import { COLUMN_TITLES } from './column-titles.ts';
import { padEnd } from './display-width.ts';
import { lineageLines, under } from './explanation-lines.ts';
import { groupLabel, minute, momentsOf, unitLabel } from './labels.ts';

const SYSTEM: Readonly<Record<string, string>> = {
  school: '學校代碼',
  care: '教保資訊網代碼',
  'moe-kindergarten': '教育部幼兒園代碼',
};
const FIRST = '首次登錄';

const days = ({ from, to }: StoryLine): string =>
  from === null ? '' : to === null ? `，自 ${from} 起` : `，${from} 至 ${to}（不含當日）`;
const origin = ({ source, rule, by, why }: StoryLine): string =>
  by === null
    ? source === null
      ? ''
      : `依據 ${source} 的資料${rule === '' ? '' : `與規則 ${rule}`}`
    : `由 ${by} 決定，理由：${why ?? '（未填）'}`;

/** It is said where history was forgotten: the beginning is that of what is kept. */
export function storyLines({ historyFrom, story }: Pick<ThingExplained, 'historyFrom' | 'story'>): string[] {
  const forgotten =
    historyFrom === null
      ? []
      : under(`${minute(historyFrom)} 前已被取代的紀錄逾保存期限，業已刪除；經過及各欄位的來歷自其後仍保存者起算。`, 2);
  return [...forgotten, ...linesOf(story)];
}

function linesOf(story: readonly StoryLine[]): string[] {
  return story.flatMap((line) => {
    const what = line.what === FIRST ? '首次收到登錄' : groupLabel(line.what);
    const where = line.institution === null ? '' : `${unitLabel(line.institution)}　`;
    return [
      ...under(`${minute(line.recordedAt)}　${where}${what}：${line.detail}${days(line)}`, 2),
      ...under(`第 ${line.run} 次執行，${origin(line)}`, 6),
    ];
  });
}

/** An institution or an account. */
export function renderThing(e: ThingExplained): string {
  const kind = e.kind === 'institution' ? '機構' : '業務帳號';
  const lines = [`${kind} ${e.name}${e.kind === 'account' ? `　${unitLabel(e.institution)}` : ''}${momentsOf(e)}`];
  if (e.withdrawn) lines.push('帶入此筆資料的執行已撤銷，目前名冊沒有這筆資料。');
  for (const { system, code, section } of e.codes)
    lines.push(`  ${SYSTEM[system] ?? system}　${code}　${section}`.trimEnd());
  lines.push('', '【現有資料】');
  for (const { column, value, from, before } of e.values) {
    const title = e.kind === 'institution' && column === 'name' ? '名稱' : (COLUMN_TITLES[column] ?? column);
    lines.push(`  ${padEnd(title, 10)}${value ?? '（無）'}`);
    if (value !== null || before.length > 0) lines.push(...lineageLines(from, before, 12));
  }
  lines.push('', '【經過】', ...storyLines(e));
  return `${lines.join('\n')}\n`;
}
