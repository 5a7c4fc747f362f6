/** The surrogate ids of what a plan adds: given when it is written, in portions that grow with the plan. */
import type { Transaction } from './connect.ts';

const SERIAL = { person: 'warehouse.person_id_seq', assignment: 'warehouse.assignment_id_seq' } as const;
export type Numbered = keyof typeof SERIAL;

export const isNumbered = (entity: string): entity is Numbered => entity in SERIAL;

/** Asked of the database at most at once. */
const LARGEST_PORTION = 50_000;

interface Portion {
  next: number;
  /** One past the last. */
  until: number;
}

/** For the run that goes on: no other takes any meanwhile, for one goes on at a time. */
export class PlanIds {
  private readonly portions = new Map<Numbered, Portion>();
  private readonly used = new Map<Numbered, number>();
  private readonly trx: Transaction;

  constructor(trx: Transaction) {
    this.trx = trx;
  }

  /** So that `next` has as many of each kind; a plan of one block takes no more than it needs. */
  async reserve(counts: ReadonlyMap<Numbered, number>): Promise<void> {
    for (const [kind, count] of counts) {
      const { next, until } = this.portions.get(kind) ?? { next: 0, until: 0 };
      if (until - next >= count) continue;
      // What is left of the portion is the beginning of the next one: they follow each other.
      const lacking = Math.max(count - (until - next), Math.min(this.used.get(kind) ?? 0, LARGEST_PORTION));
      const { rows } = await this.trx.raw(
        `SELECT first, setval('${SERIAL[kind]}', first + ${lacking - 1}) FROM (SELECT nextval('${SERIAL[kind]}') AS first OFFSET 0) AS taken`,
      );
      const first = rows[0].first as number;
      this.portions.set(kind, { next: until === next ? first : next, until: first + lacking });
    }
  }

  next(kind: Numbered): number {
    const portion = this.portions.get(kind);
    if (portion === undefined || portion.next >= portion.until) throw new Error(`no id of a ${kind} is reserved`);
    this.used.set(kind, (this.used.get(kind) ?? 0) + 1);
    portion.next += 1;
    return portion.next - 1;
  }

  /** What the plan did not need goes back. One that is never applied leaves a gap. */
  async giveBack(): Promise<void> {
    for (const [kind, { next, until }] of this.portions)
      if (next < until) await this.trx.raw(`SELECT setval('${SERIAL[kind]}', ${next}, false)`);
  }
}
