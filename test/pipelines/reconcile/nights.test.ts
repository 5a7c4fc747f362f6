/** Whatever three schools and a kindergarten say of one person, night after night, the books stay whole. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SpellStretch } from '../../../schemas/plan.ts';
import { Books, nights, plusDays, rowOf } from './words.ts';

const SEED = Number(process.env.MINGCE_TEST_SEED ?? 20240801);
const ASKED: readonly string[] = ['two-registrations', 'two-primary-units'];

const overlaps = (a: SpellStretch, b: SpellStretch): boolean =>
  (a.from > b.from ? a.from : b.from) < (a.to < b.to ? a.to : b.to);

const STORIES = Number(process.env.MINGCE_TEST_STORIES ?? 10_000);
const MS_EACH = 15;

const TITLE = `no two spells of a record share a day, no spell has a hole, one unit is primary or is asked, the same night again changes nothing (seed ${SEED}, ${STORIES} stories)`;

test(TITLE, { timeout: STORIES * MS_EACH }, () => {
  fc.assert(
    fc.property(nights, (said) => {
      const books = new Books();
      for (const [n, words] of said.entries()) {
        const night = plusDays('2024-08-01', 4 * n);
        for (const w of words) books.hear(rowOf(w, night));
        books.night();
        const { changes, findings } = books.night();
        expect(changes, 'the same night again').toEqual([]);
        const primaries: { key: string; stretch: SpellStretch }[] = [];
        for (const key of books.keys()) {
          const lines = books.lines(key);
          for (const line of lines) {
            for (const [i, s] of line.entries()) {
              expect(s.from < s.to).toBe(true);
              if (i > 0) expect(s.from, 'no hole').toBe(line[i - 1]?.to);
            }
          }
          const all = lines.flat();
          for (const [i, a] of all.entries())
            for (const b of all.slice(i + 1)) expect(overlaps(a, b), 'two stretches').toBe(false);
          primaries.push(...all.filter((s) => s.isPrimary).map((stretch) => ({ key, stretch })));
        }
        const twice = primaries.some((a, i) =>
          primaries.slice(i + 1).some((b) => a.key !== b.key && overlaps(a.stretch, b.stretch)),
        );
        if (twice) expect(findings.map((f) => f.code).some((code) => ASKED.includes(code))).toBe(true);
      }
    }),
    { numRuns: STORIES, seed: SEED },
  );
});
