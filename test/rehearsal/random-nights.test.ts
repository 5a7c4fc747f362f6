/** Three hundred people of whom three schools say anything, night by night, through PostgreSQL: every night completes, and the warehouse holds what the rules say. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { Books, plusDays, rowOf } from '../pipelines/reconcile/words.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';
import { limits, NIGHTS, nameOf, SEEDED, sendNight, told } from './support/random-people.ts';

// Three hundred people, and every night twice.
vi.setConfig({ testTimeout: 240_000 });

let small: SmallInstallation;
beforeAll(async () => {
  // These people change as those of a city never do: what is looked at here are the rules, not the limits.
  small = await openSmallInstallation(1, { config: limits(1_000_000) });
});
afterAll(() => small.close());

/** Of every person, by name. */
async function spells(): Promise<Map<string, string[]>> {
  const { rows } = await small.db.raw(
    `SELECT p.name, right(a.source, 6) || ' ' || a.spell || ' ' || v.valid_from || ' ' || v.valid_to || ' ' || v.is_primary || ' ' || v.on_leave || ' ' || coalesce(v.end_reason, '') AS line
     FROM warehouse.person_version p JOIN warehouse.assignment a ON a.person_id = p.person_id JOIN warehouse.assignment_version v ON v.assignment_id = a.id
     WHERE p.recorded_to = 'infinity' AND v.recorded_to = 'infinity' AND v.valid_from < v.valid_to`,
  );
  const found = new Map<string, string[]>();
  for (const { name, line } of rows as { name: string; line: string }[])
    found.set(name, [...(found.get(name) ?? []), line]);
  return found;
}

it(`every night completes, the same night again changes nothing, and PostgreSQL holds what the rules say of each person (${SEEDED})`, async () => {
  const books = told.map(() => new Books());
  for (let n = 0; n < NIGHTS; n++) {
    const night = plusDays('2024-08-01', 4 * n);
    await sendNight(small, n, night);
    const result = await small.night(`${night}T23:00:00+08:00`);
    expect([result.status, ...result.sources.map((s) => s.status)]).not.toContain('failed');
    expect(result.status).toBe('complete');
    const again = await small.night(`${night}T23:00:00+08:00`);
    expect(again.changes.assignments).toEqual({ added: 0, changed: 0, ended: 0 });
    expect([again.exceptions.opened, again.exceptions.closed]).toEqual([0, 0]);
    const found = await spells();
    for (const [person, said] of told.entries()) {
      const own = books[person] as Books;
      for (const w of said[n] ?? []) own.hear(rowOf(w, night));
      own.night();
      const wanted = own.keys().flatMap((key) => own.numbered(key).map((text) => `${key.slice(0, 6)} ${text}`));
      expect((found.get(nameOf(person)) ?? []).sort(), `person ${person}, night ${n}`).toEqual(wanted.sort());
    }
  }
  const { rows } = await small.db.raw(
    `SELECT count(*)::int AS n FROM review.exception WHERE code = 'changes-set-aside'`,
  );
  expect(rows[0].n).toBe(0);
});
