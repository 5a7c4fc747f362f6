/** A person's lineage in words, for a terminal of 100 columns. */
import type { ExplainedClaim, Explanation } from '../../schemas/outputs/explanation.ts';
import { COLUMN_TITLES } from './column-titles.ts';
import { padEnd } from './display-width.ts';
import { beforeLines, lineageLines, under } from './explanation-lines.ts';
import { minute, momentsOf, unitLabel } from './labels.ts';
import { placeText } from './place-of.ts';
import { storyLines } from './render-story.ts';

export const IDENTIFIER_KIND: Readonly<Record<string, string>> = {
  national: '身分證字號',
  resident: '居留證號',
  passport: '護照號碼',
  hashed: '身分證編碼（來源只提供雜湊值）',
  unknown: '其他證號',
};

const LOST_BY: Readonly<Record<NonNullable<ExplainedClaim['lostBy']>, string>> = {
  'by-hand': '以人工指定為準',
  'service-unit': '以服務單位所報為準',
  serving: '以在職單位所報為準',
  school: '以學校所報為準',
  newest: '以較新登錄為準',
};

/** Who says what, the one that is heard first. */
const claimLines = (claims: readonly ExplainedClaim[], rule: string): string[] =>
  claims.flatMap((c, i) => {
    const who =
      c.manual === null
        ? `${c.source}${c.institution ? `（${unitLabel(c.institution)}）` : ''}，${placeText(c.object ?? '（檔案已不存）', c.row ?? 0)}`
        : `人工指定第 ${c.manual} 號`;
    const why = c.lostBy === null ? '' : `（${LOST_BY[c.lostBy]}）`;
    return under(
      `${i === 0 ? `各來源說法不同（規則 ${rule}），採用` : '未採用'}「${c.value ?? '（無）'}」：${who}，登錄 ${minute(c.registeredAt)}${why}`,
      12,
    );
  });

export function renderExplanation(e: Explanation): string {
  const also = e.otherNumbers.length > 0 ? `（併入的編號：${e.otherNumbers.join('、')}）` : '';
  const lines = [`人員 ${e.person}${also}　${e.name}${momentsOf(e)}`];
  if (e.withdrawn) lines.push('帶入此人的執行已撤銷，目前名冊沒有此人；以下為當時所知。');
  lines.push('', '【基本資料】');
  for (const { column, value, from, before, claims, claimRule } of e.values) {
    lines.push(`  ${padEnd(COLUMN_TITLES[column] ?? column, 10)}${value ?? '（無）'}`);
    if (value === null && before.length === 0) continue;
    lines.push(...lineageLines(from, [], 12), ...claimLines(claims, claimRule), ...beforeLines(before, 12));
  }
  lines.push('', '【證號】（只列種類與代號，不列號碼）');
  if (e.identifiers.length === 0) lines.push('  （沒有可用的證號）');
  for (const i of e.identifiers) {
    const kind = IDENTIFIER_KIND[i.kind] ?? i.kind;
    lines.push(`  ${kind}　代號 ${i.mark}…${i.strong ? '' : '　檢查碼不符'}　自第 ${i.run} 次執行`);
  }
  lines.push('', '【任職】');
  if (e.spells.length === 0) lines.push('  （沒有任職）');
  for (const s of e.spells) {
    const end = s.validTo === null ? '迄今' : `至 ${s.validTo}（不含當日）${s.endReason ? `　${s.endReason}` : ''}`;
    const marks = [s.primary ? '主聘' : '兼任', s.onLeave ? '留職停薪' : null].filter((m) => m !== null).join('、');
    lines.push(`  ■ ${unitLabel(s.institution)}　自 ${s.validFrom} ${end}`);
    const subjects = s.subjects.length > 0 ? `　任教 ${s.subjects.join('、')}` : '';
    lines.push(...under(`${s.title ?? '（無職稱）'}（${marks}）${subjects}`, 6), ...lineageLines(s.from, [], 6));
  }
  lines.push('', '【經過】（由舊到新）', ...storyLines(e));
  return `${lines.join('\n')}\n`;
}
