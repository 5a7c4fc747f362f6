/**
 * The receipt of a source that a replay read again. Nobody sent anything, so it is given only where it says something else than the newest one: what
 * that one asks for may be settled.
 */
import type { Receipt } from '../../schemas/outputs/receipt.ts';
import { say } from '../report/say.ts';

/** What is not taken or doubted, and who is missing. Open matters change from night to night, whoever reads what. */
const stateOf = ({ rows, moreRows, warnings, counts }: Receipt): string =>
  JSON.stringify([
    rows.map(({ id, issues }) => [id, issues.map(({ code, column, value }) => [code, column, value])]),
    moreRows,
    warnings.map((warning) => [warning.code, warning.rows]),
    counts.missing,
  ]);

/** What a file asks for by itself, which a replay of others does not settle. */
const OF_THE_FILE = [say('receipt-refused', {}), say('receipt-old-file', {})].map(({ zh }) => zh);

/** @param before the newest receipt of the source. @returns null where nothing is to be told */
export function afterReplay(built: Receipt, before: Receipt | undefined): Receipt | null {
  if (before && stateOf(before) === stateOf(built)) return null;
  const stays = before?.todo.filter(({ zh }) => OF_THE_FILE.includes(zh)) ?? [];
  return { ...built, outcome: 'read-again', error: before?.error ?? null, todo: [...stays, ...built.todo] };
}
