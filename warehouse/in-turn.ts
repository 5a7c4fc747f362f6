/**
 * Statements of one transaction that several writers send, one after the other: a connection does one thing at a time, and its driver asks that nobody sends a
 * second before the first is answered.
 */
import type { Transaction } from './connect.ts';

const lasts = new WeakMap<Transaction, Promise<unknown>>();

export function inTurn<T>(trx: Transaction, statement: () => Promise<T>): Promise<T> {
  const before = lasts.get(trx) ?? Promise.resolve();
  const now = before.then(statement, statement);
  lasts.set(
    trx,
    now.catch(() => undefined),
  );
  return now;
}
