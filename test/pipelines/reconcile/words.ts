/** What schools and a kindergarten may say of one person night by night, and the books that would come of it: the pure part of a night, in memory. */
import fc from 'fast-check';
import { reconcilePerson } from '../../../pipelines/reconcile/person.ts';
import type { Finding, KnownSpell, PlanChange, SpellStretch, StaffRow } from '../../../schemas/plan.ts';
import { staffRow } from './support.ts';

const OPEN = 'infinity';
const UNTOLD = '-infinity';
export const UNITS = ['064601', '064602', '064603', '0942800021'] as const;
type Unit = (typeof UNITS)[number];
const isGarden = (unit: Unit): boolean => unit === '0942800021';
export const plusDays = (day: string, n: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + n * 86_400_000).toISOString().slice(0, 10);

const CHANGES = ['', '新進', '轉入', '離職', '退休', '轉校', '留職停薪', '復職'] as const;
export interface Word {
  unit: Unit;
  change: (typeof CHANGES)[number];
  /** Days from the night on which it is said. */
  in: number;
  /** Of a kindergarten's leave: days from the start that it tells. */
  served: number;
  title: string;
  primary: boolean;
}
const word: fc.Arbitrary<Word> = fc.record({
  unit: fc.constantFrom(...UNITS),
  change: fc.constantFrom(...CHANGES),
  in: fc.integer({ min: -25, max: 25 }),
  served: fc.integer({ min: 0, max: 30 }),
  title: fc.constantFrom('教師', '導師', '組長', '校長', '兼任教師'),
  primary: fc.constantFrom(true, true, true, true, false),
});
/** Nights, each with the words heard before it. */
export const nights = fc.array(fc.uniqueArray(word, { maxLength: 3, selector: (w) => w.unit }), {
  minLength: 2,
  maxLength: 9,
});

/** 職別 of the titles that mean something to the rules. */
const TITLE_CODES: Readonly<Record<string, number>> = { 校長: 1, 兼任教師: 11 };
export const titleCode = (title: string): number => TITLE_CODES[title] ?? 7;
const ENDS: readonly string[] = ['離職', '退休', '轉校'];

/** What the record says from then on: a file's row tells a start or an end, the care system both. */
export function rowOf(w: Word, night: string): StaffRow {
  const on = plusDays(night, w.in);
  const ends = ENDS.includes(w.change);
  const starts = w.change === '新進' || w.change === '轉入';
  const leave = w.change === '留職停薪' || w.change === '復職';
  const garden = isGarden(w.unit);
  return staffRow({
    path: garden ? 'kindergarten' : 'school',
    source: garden ? 'care' : `roster/${w.unit}`,
    key: `${w.unit}::one`,
    institution_key: `${garden ? 'care' : 'schools'}:${w.unit}`,
    title: w.title,
    title_code: titleCode(w.title),
    is_primary: garden || w.primary,
    start_on: starts || garden ? on : null,
    end_on: ends ? (garden ? plusDays(on, w.served) : on) : null,
    end_reason: ends ? w.change : null,
    on_leave: !garden && w.change === '留職停薪',
    leave_changed_on: leave && !garden ? on : null,
    registered_at: `${night}T10:00:00+08:00`,
  });
}

interface Book {
  id: number;
  spell: number;
  rule: string;
  takenBy: string | null;
  /** The line as it was known from each change on; the last one is known now. */
  lines: SpellStretch[][];
}
const standing = (line: readonly SpellStretch[]): SpellStretch[] => line.filter((s) => s.from < s.to);

const saysTheSame = (a: StaffRow, b: StaffRow): boolean => {
  const said = ({ registered_at, primary_since, ...rest }: StaffRow): string => JSON.stringify(rest);
  return said(a) === said(b);
};

/** The books of one person, as the warehouse keeps them. */
export class Books {
  private readonly rows = new Map<string, StaffRow>();
  private readonly spells = new Map<string, Book[]>();
  private nextId = 1;

  /** As landing does it: what says the same again is no registration, and a post that is told to be the service unit now is so from its registration on. */
  hear(row: StaffRow): void {
    const before = this.rows.get(row.key);
    if (before && saysTheSame(before, row)) return;
    const became = before?.is_primary === false ? row.registered_at.slice(0, 10) : (before?.primary_since ?? null);
    this.rows.set(row.key, { ...row, primary_since: row.is_primary ? became : null });
  }

  lines(key: string): SpellStretch[][] {
    return (this.spells.get(key) ?? [])
      .map((book) => standing(book.lines.at(-1) ?? []))
      .filter((line) => line.length > 0);
  }

  /** The stretches of a record with the number of their spell, as text. */
  numbered(key: string): string[] {
    return (this.spells.get(key) ?? []).flatMap((book) =>
      standing(book.lines.at(-1) ?? []).map((s) =>
        [book.spell, s.from, s.to, s.isPrimary, s.onLeave, s.endReason ?? ''].join(' '),
      ),
    );
  }

  keys = (): string[] => [...this.rows.keys()];

  private known(book: Book): KnownSpell {
    const stretches = standing(book.lines.at(-1) as SpellStretch[]);
    const [first, last] = [stretches[0] as SpellStretch, stretches.at(-1) as SpellStretch];
    const began = last.began === UNTOLD ? null : (last.began ?? first.from);
    const { id, spell, rule, takenBy } = book;
    return {
      id,
      spell,
      rule,
      taken_by: takenBy,
      began,
      stretches,
      valid_to: last.to,
      end_reason: last.endReason,
      is_primary: last.isPrimary,
    };
  }

  private told(): StaffRow[] {
    return [...this.rows.values()]
      .sort((a, b) => (`${a.source} ${a.key}` < `${b.source} ${b.key}` ? -1 : 1))
      .map((row) => {
        const books = this.spells.get(row.key) ?? [];
        const stand = books
          .filter((book) => standing(book.lines.at(-1) ?? []).length > 0)
          .map((book) => this.known(book));
        const newest = stand.pop();
        return { ...row, spell: newest ? { ...newest, earlier: stand, last: books.length } : null };
      });
  }

  /** One night. @returns what it changed and found */
  night(): { changes: PlanChange[]; findings: Finding[] } {
    if (this.rows.size === 0) return { changes: [], findings: [] };
    const plan = reconcilePerson(this.told());
    for (const change of plan.changes) if (change.entity === 'assignment') this.write(change);
    return { changes: plan.changes.filter((c) => c.entity === 'assignment'), findings: plan.findings };
  }

  private write(change: PlanChange): void {
    const books = this.spells.get(change.sourceKey) ?? [];
    this.spells.set(change.sourceKey, books);
    const {
      stretches,
      validTo,
      takenBy = null,
      ...values
    } = change.after as unknown as SpellStretch & {
      stretches?: SpellStretch[];
      validTo?: string;
      takenBy?: string;
    };
    const line = stretches ?? [
      { ...values, endReason: values.endReason ?? null, from: change.effective, to: validTo ?? OPEN },
    ];
    if (change.entityId === null) {
      books.push({ id: this.nextId++, spell: books.length + 1, rule: change.rule, takenBy, lines: [line] });
      return;
    }
    const book = books.find((b) => b.id === change.entityId) as Book;
    book.lines.push(line);
    book.rule = change.rule;
    book.takenBy = takenBy;
  }
}
