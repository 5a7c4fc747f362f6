/** A person's lineage in words, for a terminal of 100 columns. */
import type { ExplainedClaim, Explanation, Lineage } from '../../schemas/outputs/explanation.ts';
import { COLUMN_TITLES } from './column-titles.ts';
import { padEnd, wrap } from './display-width.ts';
import { minute, unitLabel } from './labels.ts';
import { placeText } from './place-of.ts';

const WIDTH = 100;
const KIND: Readonly<Record<string, string>> = {
  national: '身分證字號',
  resident: '居留證號',
  passport: '護照號碼',
  hashed: '身分證編碼（來源只提供雜湊值）',
  unknown: '其他證號',
};

const original = ({ object, row, objectRemovedAt }: Lineage): string =>
  `${placeText(object ?? '（檔案已不存）', row)}${objectRemovedAt ? `（原檔已依保存期限於 ${objectRemovedAt.slice(0, 10)} 刪除）` : ''}`;
const source = (from: Lineage): string =>
  from.manual === null ? bySource(from) : `${hand(from.manual)}；原依 ${bySource(from)}`;
const hand = ({ number, by, reason, setAt, until }: NonNullable<Lineage['manual']>): string =>
  `人工指定第 ${number} 號（${by} 於 ${minute(setAt)}，${until === null ? '未定期限' : `至 ${until}`}；${reason}）`;
const bySource = (from: Lineage): string =>
  `${from.source}，${original(from)}；第 ${from.run} 次執行；規則 ${from.rule}（${from.reason}）${judged(from)}`;
const judged = ({ judgement: j }: Lineage): string =>
  j === null ? '' : `；依第 ${j.number} 號裁定（${j.by} 於 ${minute(j.decidedAt)}：${j.reason}）`;
const times = (from: Lineage): string => `來源登錄 ${minute(from.registeredAt)}，本系統記錄 ${minute(from.recordedAt)}`;
const under = (text: string, indent: number): string[] =>
  wrap(text, WIDTH - indent).map((line) => ' '.repeat(indent) + line);

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
  const lines = [`人員 ${e.person}　${e.name}${e.asOf ? `　（${e.asOf} 當時所知）` : ''}`, '', '【基本資料】'];
  for (const { column, value, from, before, claims, claimRule } of e.values) {
    lines.push(`  ${padEnd(COLUMN_TITLES[column] ?? column, 10)}${value ?? '（無）'}`);
    if (value === null && before.length === 0) continue;
    lines.push(...under(source(from), 12), ...under(times(from), 12));
    lines.push(...claimLines(claims, claimRule));
    for (const old of before) lines.push(...under(`原為「${old.value ?? '（無）'}」：${source(old.from)}`, 12));
  }
  lines.push('', '【證號】（只列種類與代號，不列號碼）');
  if (e.identifiers.length === 0) lines.push('  （沒有可用的證號）');
  for (const i of e.identifiers) {
    lines.push(`  ${KIND[i.kind] ?? i.kind}　代號 ${i.mark}…${i.strong ? '' : '　檢查碼不符'}　自第 ${i.run} 次執行`);
  }
  lines.push('', '【任職】');
  for (const s of e.spells) {
    const end = s.validTo === null ? '迄今' : `至 ${s.validTo}（不含當日）${s.endReason ? `　${s.endReason}` : ''}`;
    const marks = [s.primary ? '主聘' : '兼任', s.onLeave ? '留職停薪' : null].filter((m) => m !== null).join('、');
    lines.push(`  ■ ${unitLabel(s.institution)}　自 ${s.validFrom} ${end}`);
    lines.push(
      ...under(
        `${s.title ?? '（無職稱）'}（${marks}）${s.subjects.length > 0 ? `　任教 ${s.subjects.join('、')}` : ''}`,
        6,
      ),
    );
    lines.push(...under(source(s.from), 6), ...under(times(s.from), 6));
  }
  return `${lines.join('\n')}\n`;
}
