/** Sections of the text report on what waits for somebody, and what was handed out. */
import type { RunReport } from '../../schemas/outputs/report.ts';
import { columnTitle } from './column-titles.ts';
import { exceptionGroups, quarantineTotals } from './digest.ts';
import { driftRow, driftTitle, shapePairs } from './drift-rows.ts';
import { exceptionBrief, exceptionTitle, exceptionTodo } from './exception-titles.ts';
import { minute, number, PLAN_KIND, reviewLabel, sourceTitle, unitLabel } from './labels.ts';
import { placeText } from './place-of.ts';
import { LONGEST_LIST, paragraph, WIDTH } from './text-layout.ts';
import { textTable } from './text-table.ts';

export function pending(report: RunReport): string[] {
  const rows = report.pending.flatMap(({ institution, records }) =>
    records.map((record) => ({ unit: unitLabel(institution), record })),
  );
  const lines = textTable(
    [
      { title: '幼兒園', of: (r) => r.unit, flexible: true },
      { title: '姓名', of: (r) => (r.record.kind === 'institution' ? '（機構資料）' : r.record.name) },
      { title: '待審事項', of: (r) => reviewLabel(r.record) },
      { title: '自', of: (r) => r.record.since },
    ],
    rows,
    WIDTH,
  );
  const note = report.nextCutOff
    ? `${report.nextCutOff.name}以 ${minute(report.nextCutOff.cutOff)} 前登錄者為準；待審資料須於當日凌晨執行前核定，方能列入。`
    : '核定後於次日凌晨執行時生效；核定前以前一次核定的資料為準。';
  return [...paragraph(note), ...lines];
}

export const quarantine = (report: RunReport): string[] =>
  quarantineTotals(report).flatMap((q) => [
    ...paragraph(
      `${sourceTitle(report, q.source)} ${q.source}　${number(q.rows)} 列${q.sources > 1 ? `（${q.sources} 校）` : ''}　${q.text.zh}`,
    ),
    ...q.examples.flatMap((e) =>
      paragraph(
        `例：${e.institution ?? e.source} ${placeText(e.object, e.row)}${e.column ? `「${columnTitle(e.column)}」欄` : ''}${e.value ? `：${e.value}` : ''}`,
        6,
      ),
    ),
  ]);

export const drift = (report: RunReport): string[] =>
  report.drift.flatMap((d) => {
    const pairs = shapePairs(d);
    const differing = pairs.filter((pair) => pair.differs);
    return [
      ...paragraph(`● ${driftTitle(d)}　自 ${minute(d.since)}`),
      ...textTable(
        [
          { title: '變動', of: (r) => r.kind },
          { title: '欄位', of: (r) => r.field, flexible: true },
          { title: '原格式', of: (r) => r.before, flexible: true },
          { title: '新格式', of: (r) => r.after, flexible: true },
          { title: '列數', of: (r) => number(r.rows), align: 'right' },
          { title: '處理', of: (r) => r.mode },
        ],
        d.changes.map(driftRow),
        WIDTH,
        4,
      ),
      ...(differing.length === 0
        ? []
        : [
            '',
            ...textTable(
              [
                { title: '原有欄位', of: (p) => p.before, flexible: true },
                { title: '本次欄位', of: (p) => p.after, flexible: true },
              ],
              differing,
              WIDTH,
              4,
            ),
            ...paragraph(`其餘 ${number(pairs.length - differing.length)} 欄相同。`, 4),
          ]),
      ...paragraph(`確認後接受新格式：npx mingce contract accept ${d.source}`, 4),
    ];
  });

export const missing = (report: RunReport): string[] =>
  textTable(
    [
      { title: '機構', of: (m) => unitLabel(m.institution), flexible: true },
      { title: '人數', of: (m) => number(m.people), align: 'right' },
      { title: '姓名', of: (m) => m.names.join('、'), flexible: true },
    ],
    report.missing,
    WIDTH,
  );

export function exceptions(report: RunReport): string[] {
  return exceptionGroups(report).flatMap((g) => {
    const [first] = g.items;
    const same = g.items.every((e) => e.text.zh === first?.text.zh);
    const listed = g.items.slice(0, LONGEST_LIST).flatMap((e) => {
      const parts = [e.institution ? unitLabel(e.institution) : null, e.about, same ? null : exceptionBrief(e.params)];
      const line = parts.filter((part) => part).join('　');
      return line === '' ? [] : paragraph(line, 6);
    });
    const more = g.items.length - LONGEST_LIST;
    return [
      ...paragraph(
        `● ${exceptionTitle(g.code)} ${number(g.count)} 件（本次新增 ${number(g.opened)}，最久 ${g.oldestDays} 天）`,
      ),
      ...paragraph(same ? (first?.text.zh ?? '') : exceptionTodo(g.code), 4),
      ...listed,
      ...(more > 0 ? [`      … 另有 ${number(more)} 件，見 --format html 或 json`] : []),
    ];
  });
}

export const suppressed = (report: RunReport): string[] =>
  textTable(
    [
      { title: '種類', of: (e) => exceptionTitle(e.code), flexible: true },
      {
        title: '機構或對象',
        of: (e) => [e.institution ? unitLabel(e.institution) : null, e.about].filter(Boolean).join(' '),
        flexible: true,
      },
      { title: '理由', of: (e) => `${e.suppressed.by}：${e.suppressed.reason}`, flexible: true },
      { title: '至', of: (e) => e.suppressed.until },
    ],
    report.suppressed,
    WIDTH,
  );

export const snapshots = (report: RunReport): string[] =>
  report.snapshots.flatMap((s) => [
    `  ${s.id}　${s.campaign} 年度 ${PLAN_KIND[s.kind] ?? s.kind} 第 ${s.version} 版　基準 ${minute(s.cutOff)}`,
    ...s.files.map((f) => `      ${f.path}　${number(f.bytes)} 位元組`),
    `      取出：npx mingce snapshot export ${s.id} 資料夾`,
  ]);
