/** Open matters for a terminal of 100 columns: by who must act, the gravest first. */
import { ACTORS, EXCEPTION_SEVERITIES } from '../../schemas/messages/exception-facts.ts';
import type { ListedException } from '../../schemas/outputs/exceptions.ts';
import { ACTOR_TITLE, exceptionBrief, exceptionTitle, SEVERITY_TITLE } from './exception-titles.ts';
import { number, unitLabel } from './labels.ts';
import { LONGEST_LIST, paragraph, WIDTH } from './text-layout.ts';
import { textTable } from './text-table.ts';

const ofWhat = (e: ListedException): string =>
  [e.institution ? unitLabel(e.institution) : null, e.about].filter(Boolean).join('　');

const grave = (e: ListedException): number => EXCEPTION_SEVERITIES.indexOf(e.severity);

function group([first, ...others]: readonly ListedException[], whole: boolean): string[] {
  const e = first as ListedException;
  const rows = [e, ...others];
  const rule = e.rule === null ? '' : `　${e.rule}`;
  return [
    ...paragraph(
      `● ${exceptionTitle(e.code)}（${e.code}${rule}，${SEVERITY_TITLE[e.severity]}）${number(rows.length)} 件`,
    ),
    ...paragraph(e.todo.zh, 4),
    ...textTable(
      [
        { title: '編號', of: (r) => String(r.number), align: 'right' },
        { title: '機構或對象', of: ofWhat, flexible: true },
        { title: '重點', of: (r) => exceptionBrief(r.params), flexible: true },
        { title: '天數', of: (r) => number(r.ageDays), align: 'right' },
      ],
      whole ? rows : rows.slice(0, LONGEST_LIST),
      WIDTH,
      4,
    ),
    ...(whole || rows.length <= LONGEST_LIST
      ? []
      : [`    … 另有 ${number(rows.length - LONGEST_LIST)} 件，見 --code ${e.code}`]),
  ];
}

function putAside(list: readonly ListedException[]): string[] {
  if (list.length === 0) return [];
  const rows = list.flatMap((e) => (e.suppressed === null ? [] : [{ ...e, suppressed: e.suppressed }]));
  return [
    '',
    `【暫不處理 Suppressed】${number(rows.length)} 件`,
    ...textTable(
      [
        { title: '編號', of: (r) => String(r.number), align: 'right' },
        { title: '種類', of: (r) => exceptionTitle(r.code) },
        { title: '機構或對象', of: ofWhat, flexible: true },
        { title: '理由', of: (r) => `${r.suppressed.by}：${r.suppressed.reason}`, flexible: true },
        { title: '至', of: (r) => r.suppressed.until },
      ],
      rows,
      WIDTH,
      2,
    ),
  ];
}

/** @param whole all matters of each kind; else as many as fit a screen */
export function renderExceptions(exceptions: readonly ListedException[], whole = true): string {
  const open = exceptions.filter((e) => e.suppressed === null);
  const sections = ACTORS.flatMap((who) => {
    const theirs = open.filter((e) => e.who === who).toSorted((a, b) => grave(a) - grave(b));
    if (theirs.length === 0) return [];
    const kinds = [...Map.groupBy(theirs, (e) => e.code).values()];
    return ['', `【${ACTOR_TITLE[who]}】${number(theirs.length)} 件`, ...kinds.flatMap((kind) => group(kind, whole))];
  });
  const head = open.length === 0 ? '沒有待處理事項。 Nothing is open.' : `待處理事項 ${number(open.length)} 件`;
  return [head, ...sections, ...putAside(exceptions.filter((e) => e.suppressed !== null))].join('\n');
}
