/**
 * Values set by hand, laid over what the sources say. One that is in force wins for its columns; when it ends, the sources' last word is back from that day. A
 * change that comes of either says so, and of which value. Pure.
 */
import { HAND_ENDED, type ManualValue, type PlanChange, SET_BY_HAND } from '../../schemas/plan.ts';
import { dayOf, later, OPEN } from './days.ts';

type Values = Readonly<Record<string, unknown>>;

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Of each field the one that is in force; where two would be, the newer. @param manual newest first */
export const inForce = (manual: readonly ManualValue[]): ManualValue[] =>
  manual.filter((m, i) => m.inForce && !manual.slice(0, i).some((newer) => newer.inForce && newer.field === m.field));

/** What the sources say with what was set by hand over it. Columns that the sources have not are none of ours. */
export function withHand<T extends object>(told: T, manual: readonly ManualValue[]): T {
  if (manual.length === 0) return told;
  const hand = Object.assign({}, ...inForce(manual).map(({ columns }) => columns)) as Values;
  return Object.fromEntries(
    Object.entries(told).map(([column, value]) => [column, column in hand ? hand[column] : value]),
  ) as T;
}

/** What is known with the sources' own word in place of what was set by hand: a rule that asks what a source changed is not asked about a hand. */
export const withoutHand = <T extends object>(known: T, told: object, manual: readonly ManualValue[]): T =>
  Object.fromEntries(
    Object.entries(known).map(([column, value]) => {
      const byHand = manual.some(({ columns }) => column in columns && same(columns[column], value));
      return [column, byHand ? (told as Values)[column] : value];
    }),
  ) as T;

/** Of values of one field that followed each other without a gap: the first one. @param all newest first */
function firstOf(value: ManualValue, all: readonly ManualValue[]): ManualValue {
  const { field, institutionKey, setAt } = value;
  const earlier = all
    .slice(all.indexOf(value) + 1)
    .find((m) => m.field === field && m.institutionKey === institutionKey && (m.endsAt ?? OPEN) >= setAt);
  return earlier === undefined ? value : firstOf(earlier, all);
}

/** What is known, with what stood before a value by hand in the place of that value: where no source speaks, that is what it stands over. */
export const beneathHand = <T extends object>(known: T, manual: readonly ManualValue[]): T =>
  Object.fromEntries(
    Object.entries(known).map(([column, value]) => {
      const hand = manual.find(({ live, columns }) => live && column in columns && same(columns[column], value));
      const before = hand && firstOf(hand, manual).before;
      return [column, before && column in before ? before[column] : value];
    }),
  ) as T;

export interface Cause extends Pick<PlanChange, 'reason' | 'registeredAt'> {
  manualValue: number;
  /** Nothing else differs. */
  alone: boolean;
}

const covers = (m: ManualValue, columns: readonly string[], values: Values): boolean =>
  columns.some((column) => column in m.columns && same(m.columns[column], values[column]));

/**
 * The value set by hand that a change is of: one in force that is not what held before, else one that ended and still held.
 * @returns null where the sources alone bring the change about
 */
export function causeOf(was: object, becomes: object, manual: readonly ManualValue[]): Cause | null {
  const [before, after] = [was as Values, becomes as Values];
  const differing = Object.keys(after).filter((column) => !same(before[column] ?? null, after[column] ?? null));
  const cause = (m: ManualValue, reason: string, registeredAt: string): Cause => ({
    reason,
    registeredAt,
    manualValue: m.id,
    alone: differing.every((column) => column in m.columns),
  });
  const began = inForce(manual).find((m) => covers(m, differing, after));
  if (began) return cause(began, SET_BY_HAND, began.setAt);
  const ended = manual.find((m) => m.endsAt !== null && !m.inForce && covers(m, differing, before));
  return ended ? cause(ended, HAND_ENDED, ended.endsAt as string) : null;
}

/** Reason, registration and day of a change as its cause has them; nothing where the sources alone bring it about. */
export function byCause(cause: Cause | null, registeredAt: string): Partial<PlanChange> {
  if (cause === null) return {};
  const at = cause.alone ? cause.registeredAt : later(registeredAt, cause.registeredAt);
  return { reason: cause.reason, manualValue: cause.manualValue, registeredAt: at, effective: dayOf(at) };
}

/** Those in force whose value the sources say by themselves: they do nothing any more. */
export const superfluous = (told: Values, manual: readonly ManualValue[]): ManualValue[] =>
  inForce(manual).filter(({ columns }) =>
    Object.entries(columns).every(([column, value]) => same(told[column], value)),
  );

/** @param fields their names as people know them */
export const superfluousParams = (
  values: readonly ManualValue[],
  titles: Readonly<Record<string, { title: string }>>,
): Record<string, string> => ({
  fields: values.map(({ field }) => titles[field]?.title ?? field).join('、'),
  numbers: values.map(({ id }) => id).join(', '),
});
