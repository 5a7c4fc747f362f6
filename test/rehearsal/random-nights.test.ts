/** Twenty people of whom three schools say anything, night by night, through PostgreSQL: every night completes, and the warehouse holds what the rules say. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Books, nights, plusDays, rowOf, titleCode, type Word } from '../pipelines/reconcile/words.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const SEED = Number(process.env.MINGCE_TEST_SEED ?? 20240801);
const PEOPLE = 20;
const HEAD = '學校代碼,身分證字號,姓名,性別,出生日期,職稱,職別,任教科目,主聘,異動別,異動日期';
const SCHOOLS = ['064601', '064602', '064603'];

let small: SmallInstallation;
beforeAll(async () => {
  // Twenty people change as those of a city never do: what is looked at here are the rules, not the limits.
  const off = { percent: 10_000 };
  small = await openSmallInstallation(1, { config: { guards: { lost: off, changed: off, added: off, leaving: off } } });
});
afterAll(() => small.close());

/** A made-up national id whose checksum holds. */
function idOf(person: number): string {
  const body = `1${String(1000000 + person * 137)}`;
  const sum = [...body].reduce((s, digit, i) => s + Number(digit) * (8 - i), 1);
  return `A${body}${(10 - (sum % 10)) % 10}`;
}
const nameOf = (person: number): string => `王${String.fromCodePoint(0x5e73 + person)}`;
const roc = (day: string): string => `${Number(day.slice(0, 4)) - 1911}/${day.slice(5, 7)}/${day.slice(8)}`;
const line = (person: number, w: Word, night: string): string =>
  [
    w.unit,
    idOf(person),
    nameOf(person),
    '男,70/05/06',
    w.title,
    titleCode(w.title),
    '國語文',
    w.primary ? '是' : '否',
    w.change,
    w.change === '' ? '' : roc(plusDays(night, w.in)),
  ].join(',');

const told = fc
  .sample(nights, { numRuns: PEOPLE, seed: SEED })
  .map((said) => said.map((words) => words.filter((w) => SCHOOLS.includes(w.unit))));

async function spellsOf(person: number): Promise<string[]> {
  const { rows } = await small.db.raw(
    `SELECT right(a.source, 6) || ' ' || a.spell || ' ' || v.valid_from || ' ' || v.valid_to || ' ' || v.is_primary || ' ' || v.on_leave || ' ' || coalesce(v.end_reason, '') AS line
     FROM warehouse.assignment a JOIN warehouse.assignment_version v ON v.assignment_id = a.id
     WHERE a.person_id = (SELECT person_id FROM warehouse.person_version WHERE name = ? AND recorded_to = 'infinity')
       AND v.recorded_to = 'infinity' AND v.valid_from < v.valid_to`,
    [nameOf(person)],
  );
  return rows.map((r: { line: string }) => r.line).sort();
}

it('every night completes, the same night again changes nothing, and PostgreSQL holds what the rules say of each person', async () => {
  const books = told.map(() => new Books());
  for (let n = 0; n < Math.max(...told.map((said) => said.length)); n++) {
    const night = plusDays('2024-08-01', 4 * n);
    for (const school of SCHOOLS) {
      const rows = told.flatMap((said, person) =>
        (said[n] ?? []).filter((w) => w.unit === school).map((w) => line(person, w, night)),
      );
      if (rows.length > 0)
        await small.send(`${school}-${n}.csv`, `${night}T10:00:00+08:00`, ['名冊別：異動', HEAD, ...rows]);
    }
    const result = await small.night(`${night}T23:00:00+08:00`);
    expect([result.status, ...result.sources.map((s) => s.status)]).not.toContain('failed');
    expect(result.status).toBe('complete');
    const again = await small.night(`${night}T23:00:00+08:00`);
    expect(again.changes.assignments).toEqual({ added: 0, changed: 0, ended: 0 });
    expect([again.exceptions.opened, again.exceptions.closed]).toEqual([0, 0]);
    for (const [person, said] of told.entries()) {
      const own = books[person] as Books;
      for (const w of said[n] ?? []) own.hear(rowOf(w, night));
      own.night();
      const wanted = own.keys().flatMap((key) => own.numbered(key).map((text) => `${key.slice(0, 6)} ${text}`));
      expect(await spellsOf(person), `person ${person}, night ${n}`).toEqual(wanted.sort());
    }
  }
  const { rows } = await small.db.raw(
    `SELECT count(*)::int AS n FROM review.exception WHERE code = 'changes-set-aside'`,
  );
  expect(rows[0].n).toBe(0);
});
