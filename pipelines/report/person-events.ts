/** Changes of people as a reader of the report wants them: by institution, grouped, moves paired. Pure. */
import type { InstitutionRef } from '../../schemas/outputs/institution-ref.ts';
import type { Move, PersonEvent } from '../../schemas/outputs/report.ts';
import { JOINED } from '../../schemas/plan.ts';
import type { PersonChangeRow } from '../../warehouse/views/report-changes.ts';
import { differingTitles } from './column-titles.ts';
import { REVERTED } from './revert-labels.ts';

export type RefOf = (key: string) => InstitutionRef;

const ARRIVALS: ReadonlySet<string> = new Set(['轉入', '回任']);
const LEFT = '轉校';

const text = (value: unknown): string =>
  value === null || value === undefined || value === '' ? '（無）' : String(value);
const list = (value: unknown): string => (Array.isArray(value) && value.length > 0 ? value.join('、') : '（無）');
const arrow = (from: string, to: string): string => `${from} → ${to}`;

function titles(before: Record<string, unknown>, after: Record<string, unknown>): string {
  if (before.title !== after.title) return arrow(text(before.title), text(after.title));
  return arrow(`職別 ${text(before.titleCode)}`, `職別 ${text(after.titleCode)}`);
}

/** What undoing another run makes of a spell. */
function undoneSpell({ action, before, after }: PersonChangeRow): string {
  if (action === 'end') return '登錄撤銷';
  if (action === 'add') return '恢復登錄';
  const state = (values: Record<string, unknown> | null): string =>
    values?.endReason ? String(values.endReason) : values?.onLeave ? '留職停薪' : '在職';
  const sides: [string, string][] = [
    [state(before), state(after)],
    [text(before?.title), text(after?.title)],
    [list(before?.subjects), list(after?.subjects)],
    [before?.isPrimary ? '主聘' : '兼任', after?.isPrimary ? '主聘' : '兼任'],
  ];
  const told = sides.filter(([from, to]) => from !== to).map(([from, to]) => arrow(from, to));
  return told.join('、') || '起訖日恢復';
}

/** What changed, in words. A correction names the columns; of the values only the name is shown, which the report shows anyway. */
function detailOf(row: PersonChangeRow): string | null {
  const { before, after } = row;
  if (row.group === REVERTED && row.entity === 'assignment') return undoneSpell(row);
  if (row.group === JOINED) return `人員 ${text(before?.person)} 與人員 ${text(after?.person)} 為同一人`;
  if (before === null || after === null) return null;
  if (row.entity === 'person') {
    const columns = differingTitles(before, after);
    if (before.name !== after.name) columns[0] = `姓名：${arrow(text(before.name), text(after.name))}`;
    return columns.length > 0 ? columns.join('、') : null;
  }
  if (row.action !== 'change') return null;
  switch (row.group) {
    case '職稱異動':
      return titles(before, after);
    case '任教科目異動':
      return arrow(list(before.subjects), list(after.subjects));
    case '人工指定':
    case '人工指定結束':
      return before.title === after.title ? arrow(list(before.subjects), list(after.subjects)) : titles(before, after);
    case '主聘異動':
      return after.isPrimary ? '改為主聘' : '改為兼任';
    default:
      return null;
  }
}

/** A record that came already ended counts by the day it ended, not by the one it began. */
function endOnArrival(row: PersonChangeRow): string | null {
  const ended = row.entity === 'assignment' && row.action === 'add' && row.after?.endReason !== undefined;
  return ended ? String(row.after?.validTo) : null;
}

/** The other side of each move, by person: where tonight's leavers arrive, and where tonight's arrivals left. */
function sidesOf(rows: readonly PersonChangeRow[]) {
  const leaves = new Map<string, PersonChangeRow[]>();
  const arrives = new Map<string, PersonChangeRow[]>();
  for (const row of rows) {
    if (row.entity !== 'assignment') continue;
    if (row.group === LEFT) leaves.set(row.person_ref, [...(leaves.get(row.person_ref) ?? []), row]);
    if (row.action === 'add' && ARRIVALS.has(row.group)) {
      arrives.set(row.person_ref, [...(arrives.get(row.person_ref) ?? []), row]);
    }
  }
  const elsewhere = (rows: readonly PersonChangeRow[] | undefined, key: string): string | null =>
    rows?.find((r) => r.institution_key !== key)?.institution_key ?? null;
  return {
    from: (row: PersonChangeRow) => elsewhere(leaves.get(row.person_ref), row.institution_key) ?? row.came_from,
    to: (row: PersonChangeRow) => elsewhere(arrives.get(row.person_ref), row.institution_key),
  };
}

export function personEvents(
  rows: readonly PersonChangeRow[],
  refOf: RefOf,
): { events: Map<string, PersonEvent[]>; moves: Move[] } {
  const sides = sidesOf(rows);
  const events = new Map<string, PersonEvent[]>();
  const moves: Move[] = [];
  for (const row of rows) {
    const arrival = row.entity === 'assignment' && row.action === 'add' && ARRIVALS.has(row.group);
    const from = arrival ? sides.from(row) : null;
    const arrivesAt = row.group === LEFT ? sides.to(row) : null;
    // Where the new unit had the person before, nobody arrives tonight.
    const to = row.group === LEFT ? (arrivesAt ?? row.went_to) : null;
    const other = from ?? to;
    const event: PersonEvent = {
      group: row.group,
      name: row.name,
      person: row.person,
      title: ((row.action === 'end' ? row.before?.title : row.after?.title) as string | null | undefined) ?? null,
      effective: endOnArrival(row) ?? row.effective,
      registeredAt: row.registered_at,
      rule: row.rule,
      detail: detailOf(row),
      other: other === null ? null : refOf(other),
      arrivedEnded: endOnArrival(row) !== null,
    };
    events.set(row.institution_key, [...(events.get(row.institution_key) ?? []), event]);
    const base = { name: row.name, person: row.person, effective: row.effective, rule: row.rule };
    if (row.group === '轉入')
      moves.push({ ...base, from: from === null ? null : refOf(from), to: refOf(row.institution_key) });
    else if (arrival && from !== null) moves.push({ ...base, from: refOf(from), to: refOf(row.institution_key) });
    else if (row.group === LEFT && arrivesAt === null)
      moves.push({ ...base, from: refOf(row.institution_key), to: to === null ? null : refOf(to) });
  }
  return { events, moves };
}
