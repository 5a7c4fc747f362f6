/** What keeps an institution from being ready for a plan, the worst first. Pure. */
import { statement } from '../../schemas/messages/catalogue.ts';
import { exceptionFacts } from '../../schemas/messages/exception-facts.ts';
import { EXCEPTION_MESSAGES } from '../../schemas/messages/exceptions.ts';
import type { ReadinessProblem } from '../../schemas/outputs/snapshot-preview.ts';
import type { CoverageEntry } from '../../schemas/snapshot.ts';
import type { OpenExceptionRow } from '../../warehouse/views/report-exceptions.ts';
import { GUARD_WORDS } from '../report/guard-words.ts';
import { minute } from '../report/labels.ts';

export interface InstitutionFacts {
  coverage: CoverageEntry;
  path: 'school' | 'kindergarten';
  pending: { records: number; withoutPrevious: number };
  /** Active 總負責人; null where the institution is no school. */
  leads: number | null;
  /** The plan is filled in by one (R25). */
  leadNeeded: boolean;
  /** From then on a roster is the update that the letter asks for (R06); null where nothing is asked. */
  updatesFrom: string | null;
  exceptions: readonly OpenExceptionRow[];
}

type Weighed = ReadinessProblem & { weight: number };

const problem = (weight: number, level: ReadinessProblem['level'], code: string, zh: string, en: string): Weighed => ({
  weight,
  level,
  code,
  text: { zh, en },
});

/** Told already by what stands here in other words. */
const SAID: ReadonlySet<string> = new Set([
  'plan-held',
  'pending-without-previous',
  'school-late',
  'no-account-lead',
  'source-failed',
]);
const EXCEPTION_WEIGHT = { high: 30, medium: 12, low: 1 } as const;
const EXCEPTION_LEVEL = { high: 'bad', medium: 'warn', low: 'info' } as const;

function ofCoverage({ coverage, path, updatesFrom }: InstitutionFacts): Weighed[] {
  const { status, since, notes, teachers } = coverage;
  const found: Weighed[] = [];
  if (status === 'never-received' || since === null)
    return [problem(100, 'bad', 'never-received', '從未收到教職員資料', 'no staff was ever received')];
  if (status === 'held') {
    const guards = notes.filter((note) => note.startsWith('held-')).map((note) => note.slice('held-'.length));
    const why = guards.map((guard) => GUARD_WORDS[guard] ?? guard).join('、');
    found.push(
      problem(80, 'bad', 'held', `異動超過上限，暫停待核定（${why}）`, `changes are held (${guards.join(', ')})`),
    );
  }
  const old = updatesFrom !== null && Date.parse(since) < Date.parse(updatesFrom);
  if (path === 'school' && old)
    found.push(
      problem(
        70,
        'bad',
        'not-updated',
        `${minute(updatesFrom)} 以後未更新名冊，沿用 ${minute(since)} 的資料（R06）`,
        `no roster since ${minute(updatesFrom)}: that of ${minute(since)} stands (R06)`,
      ),
    );
  if (notes.includes('last-delivery-failed'))
    found.push(
      problem(
        60,
        'bad',
        'last-delivery-failed',
        `最近一次送件無法使用，沿用 ${minute(since)} 的資料`,
        `what came last could not be used: the picture of ${minute(since)} stands`,
      ),
    );
  if (path === 'kindergarten' && status === 'carried-forward')
    found.push(
      problem(
        55,
        'bad',
        'care-carried-forward',
        `教保資訊網沿用 ${minute(since)} 的資料`,
        `the care system was not heard: its picture of ${minute(since)} stands`,
      ),
    );
  if (teachers === 0)
    found.push(problem(45, 'warn', 'no-teachers', '沒有任何教師', 'nobody there counts as a teacher'));
  if (notes.includes('legal-class-unknown'))
    found.push(
      problem(
        5,
        'info',
        'legal-class-unknown',
        '法定類別不明，依設立別判定',
        'its legal class is not known; judged by ownership',
      ),
    );
  return found;
}

function ofPending({ pending }: InstitutionFacts): Weighed[] {
  const { records, withoutPrevious } = pending;
  const rest = records - withoutPrevious;
  return [
    ...(withoutPrevious > 0
      ? [
          problem(
            40,
            'bad',
            'pending-without-previous',
            `待審無前版 ${withoutPrevious} 筆，核定前不會列入（R13）`,
            `${withoutPrevious} records under review have no approved version: they are out until approved (R13)`,
          ),
        ]
      : []),
    ...(rest > 0
      ? [
          problem(
            20,
            'warn',
            'pending',
            `異動待審 ${rest} 筆，核定前沿用前一版（R13）`,
            `${rest} changes under review: the approved version stands (R13)`,
          ),
        ]
      : []),
  ];
}

/** One line a code, however many people it is about. */
function ofExceptions({ exceptions }: InstitutionFacts): Weighed[] {
  const told = exceptions.filter(
    ({ code, set_by: by }) => !SAID.has(code) && by === null && code in EXCEPTION_MESSAGES,
  );
  return [...Map.groupBy(told, ({ code }) => code)].map(([code, rows]) => {
    const { severity } = exceptionFacts(code);
    const [first] = rows;
    const more = rows.length > 1 ? { zh: `（另 ${rows.length - 1} 件）`, en: ` (and ${rows.length - 1} more)` } : null;
    return problem(
      EXCEPTION_WEIGHT[severity],
      EXCEPTION_LEVEL[severity],
      code,
      statement(code, first?.params ?? {}, 'zh') + (more?.zh ?? ''),
      statement(code, first?.params ?? {}, 'en') + (more?.en ?? ''),
    );
  });
}

/** @returns the problems, the worst first, and how bad they are together: lines are ordered by it */
export function readiness(facts: InstitutionFacts): { problems: ReadinessProblem[]; weight: number } {
  const all = [
    ...ofCoverage(facts),
    ...(facts.leads === 0
      ? [
          facts.leadNeeded
            ? problem(
                50,
                'bad',
                'no-lead',
                '沒有啟用中的總負責人，無人可填報（R16）',
                'no active 總負責人: nobody fills in the plan (R16)',
              )
            : problem(2, 'info', 'no-lead', '沒有啟用中的總負責人（R16）', 'no active 總負責人 (R16)'),
        ]
      : []),
    ...ofPending(facts),
    ...ofExceptions(facts),
  ].sort((a, b) => b.weight - a.weight);
  // The worst decides; more of the rest only among equals.
  const [worst = 0, ...rest] = all.map(({ weight }) => weight);
  const weight =
    worst * 1000 +
    Math.min(
      999,
      rest.reduce((sum, one) => sum + one, 0),
    );
  return { problems: all.map(({ weight: _, ...one }) => one), weight };
}
