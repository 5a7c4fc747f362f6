/** The books of a night's sources: rows that were read, and of them those that are no news for the roster. The others are accepted or unchanged. */
import { deliveries } from '../inbox/deliver.ts';
import type { Chronicle } from '../world/chronicle.ts';
import { CLOSING_NIGHT } from '../world/clocks.ts';
import { nightTruth } from './night-truth.ts';

export interface LedgerLine {
  read: number;
  quarantined: number;
  /** Under review, and whoever waits with an institution of which no approved version was ever shown (R13). */
  excluded: number;
  duplicate: number;
}

/** @returns by the name of the source, or of the school's part of it */
export function ledgerOf(chronicle: Chronicle, index: number, clock: string): Map<string, LedgerLine> {
  const { world } = chronicle.chapter(index);
  const { waiting } = chronicle.setting.cast;
  const truth = nightTruth(chronicle, clock);
  const lines = new Map<string, LedgerLine>();
  for (const { inbox, code, table, again } of deliveries(chronicle, index)) {
    const rows = (outcome: string): number => table.notes.filter((n) => n.row !== null && n.outcome === outcome).length;
    const old = again === 'older';
    lines.set(`${inbox}/${code}`, {
      read: table.rows,
      quarantined: old ? 0 : rows('quarantined'),
      excluded: 0,
      duplicate: old ? table.rows : rows('duplicate'),
    });
  }
  if (index === CLOSING_NIGHT) return lines;
  const shown = (world.posts.get(waiting) ?? []).filter(
    ({ key }) => !world.vanished.has(key) && !world.proposals.has(key),
  );
  const excluded = world.proposals.size + truth.institutions.underReview.length + shown.length;
  const read = truth.read.institutions + truth.read.staff;
  return lines.set('care', { read, quarantined: 0, excluded, duplicate: 0 });
}
