/** What the fields of a campaign must be to each other: each mistake by the place in the file where it stands. Pure. */
import type { Campaign } from './campaign.ts';
import { deadlineOf } from './deadlines.ts';
import { KEY_COLUMNS } from './snapshot-columns.ts';
import { institutionCode } from './users.ts';

export interface CampaignProblem {
  path: (string | number)[];
  message: string;
}

const ROC_YEAR = 1911;
/** `PENDING` of `campaign.ts`, which imports this file: told of for itself. */
const PENDING = '待補';
const DISTRICT = /^\p{Script=Han}{1,4}[區鄉鎮市]$/u;
const CONDITIONS = ['section', 'ownership', 'legalClass', 'codes'] as const;
/** `codes` may not stand in two rules either, and are looked at together. */
const LISTS = ['section', 'ownership', 'legalClass', 'exceptCodes', 'exceptDistricts'] as const;

const problem = (path: (string | number)[], message: string): CampaignProblem => ({ path, message });

function twice(path: (string | number)[], values: readonly (string | number)[] | undefined): CampaignProblem[] {
  return (values ?? []).flatMap((value, i) =>
    value === PENDING || values?.indexOf(value) === i
      ? []
      : [problem([...path, i], `${value} stands there twice; expected it once`)],
  );
}

function order(
  path: (string | number)[],
  what: string,
  [first, second]: readonly [string, string],
  same: boolean,
): CampaignProblem[] {
  const between = Date.parse(second) - Date.parse(first);
  return between > 0 || (same && between === 0)
    ? []
    : [problem(path, `${what}; it is ${second}, and the other ${first}`)];
}

/** A plan that is still filled in needs its rows. */
function keptLongEnough(
  kind: 'school-plan' | 'teacher-plan',
  { keepUntil, window }: Campaign['plans']['school-plan' | 'teacher-plan'],
): CampaignProblem[] {
  if (keepUntil === undefined || Date.parse(`${keepUntil}T24:00:00+08:00`) > Date.parse(window.through)) return [];
  return [
    problem(
      ['plans', kind, 'keepUntil'],
      `${keepUntil} is before the last day of the plan's window, ${window.through}; expected that day or a later one`,
    ),
  ];
}

function times({ id, schoolYear, cutOff, rosterUpdates, plans, moved = [], ...rest }: Campaign): CampaignProblem[] {
  const year = Number(id) + ROC_YEAR;
  return [
    ...(schoolYear.from.startsWith(`${year}-`)
      ? []
      : [problem(['schoolYear', 'from'], `year ${id} begins in ${year}; it begins on ${schoolYear.from}`)]),
    ...order(['schoolYear', 'through'], 'expected a day after its first', [schoolYear.from, schoolYear.through], false),
    ...(rosterUpdates
      ? [
          ...order(
            ['rosterUpdates', 'until'],
            'expected a moment after "from"',
            [rosterUpdates.from, rosterUpdates.until],
            false,
          ),
          ...order(
            ['cutOff'],
            'expected not before rosterUpdates.until: what is sent in time is in the snapshots (R06, R24)',
            [rosterUpdates.until, cutOff],
            true,
          ),
        ]
      : []),
    ...(['school-plan', 'teacher-plan'] as const).flatMap((kind) => {
      const { from, through } = plans[kind].window;
      return [
        ...order(
          ['plans', kind, 'window', 'from'],
          'expected not before the cut-off: a plan opens with the frozen roster (R24)',
          [cutOff, from],
          true,
        ),
        ...order(['plans', kind, 'window', 'through'], 'expected a moment after "from"', [from, through], false),
        ...keptLongEnough(kind, plans[kind]),
      ];
    }),
    ...moved.flatMap(({ what, from }, i) => {
      const now = deadlineOf({ cutOff, plans, ...(rosterUpdates && { rosterUpdates }) }, what);
      if (now === null) return [problem(['moved', i, 'what'], `${what} is not in this file`)];
      const last = moved.findLastIndex((move) => move.what === what) === i;
      return last && Date.parse(now) === Date.parse(from)
        ? [problem(['moved', i, 'from'], `${what} still is ${now}; expected the moment from which it was moved`)]
        : [];
    }),
    ...twice(
      ['legalBasis'],
      rest.legalBasis.map(({ document }) => document),
    ),
    ...twice(
      ['documents'],
      rest.documents?.map(({ name }) => name),
    ),
  ];
}

const isCode = (code: string): boolean => institutionCode.safeParse(code).success;
const noCode = (path: (string | number)[], code: string): CampaignProblem =>
  problem(path, `"${code}" is no code; expected a school's such as 191604, a kindergarten's or its sid`);

function ruleProblems(rule: Campaign['addressed'][number], i: number): CampaignProblem[] {
  const path = ['addressed', i];
  return [
    ...(CONDITIONS.some((condition) => rule[condition] !== undefined)
      ? []
      : [problem(path, `a rule without a condition fits every institution; expected one of ${CONDITIONS.join(', ')}`)]),
    ...LISTS.flatMap((list) => twice([...path, list], rule[list])),
    ...(rule.exceptCodes ?? []).flatMap((code, j) => (isCode(code) ? [] : [noCode([...path, 'exceptCodes', j], code)])),
    ...(rule.exceptDistricts ?? []).flatMap((district, j) =>
      DISTRICT.test(district)
        ? []
        : [problem([...path, 'exceptDistricts', j], `"${district}"; expected a district such as 和平區`)],
    ),
  ];
}

function scopes({ addressed }: Campaign): CampaignProblem[] {
  const codes = addressed.flatMap((rule, i) => (rule.codes ?? []).map((code, j) => ({ code, at: [i, j] as const })));
  return [
    ...addressed.flatMap(ruleProblems),
    ...codes.flatMap(({ code, at: [i, j] }, n) => {
      const path = ['addressed', i, 'codes', j];
      if (!isCode(code)) return [noCode(path, code)];
      return codes.findIndex((other) => other.code === code) === n
        ? []
        : [problem(path, `${code} stands there twice; expected it once`)];
    }),
  ];
}

/** One file goes to all consumers of a plan: who may see less must not get it, and what nobody gets must not be in it (R30). */
function consumersOf(kind: 'school-plan' | 'teacher-plan', { plans }: Campaign): CampaignProblem[] {
  const { consumers } = plans[kind];
  const path = ['plans', kind, 'consumers'];
  const first = new Set<string>(consumers[0]?.columns);
  return [
    ...twice(
      path,
      consumers.map(({ id }) => id),
    ),
    ...consumers.flatMap(({ id, columns }, i): CampaignProblem[] => {
      const missing = KEY_COLUMNS.filter((key) => !(columns as readonly string[]).includes(key));
      const others = new Set<string>(columns);
      const differ = [...first, ...others].filter((column) => !first.has(column) || !others.has(column));
      return [
        ...twice([...path, i, 'columns'], columns),
        ...(missing.length === 0
          ? []
          : [problem([...path, i, 'columns'], `${missing.join(', ')} missing: without it a row is of no institution`)]),
        ...(differ.length === 0
          ? []
          : [
              problem(
                [...path, i, 'columns'],
                `${id} and ${consumers[0]?.id} differ in ${differ.join(', ')}; all consumers of a plan get one file, so expected the same columns of all (R30)`,
              ),
            ]),
      ];
    }),
  ];
}

function staff({ plans, accountKinds = [] }: Campaign): CampaignProblem[] {
  const { kindergartenTitles, schoolTitleCodes } = plans['teacher-plan'];
  const path = ['plans', 'teacher-plan'];
  return [
    ...twice([...path, 'kindergartenTitles'], kindergartenTitles),
    ...twice([...path, 'schoolTitleCodes'], schoolTitleCodes),
    ...(kindergartenTitles.length + schoolTitleCodes.length > 0
      ? []
      : [problem([...path, 'schoolTitleCodes'], 'nobody counts as a teacher; expected some titles or 職別')]),
    ...twice(
      ['accountKinds'],
      accountKinds.map(({ section }) => section),
    ),
    ...accountKinds.flatMap(({ kinds }, i) =>
      twice(
        ['accountKinds', i, 'kinds'],
        kinds.map(({ kind }) => kind),
      ),
    ),
  ];
}

/** @param campaign whose fields are well-formed, each for itself */
export const campaignProblems = (campaign: Campaign): CampaignProblem[] => [
  ...times(campaign),
  ...scopes(campaign),
  ...consumersOf('school-plan', campaign),
  ...consumersOf('teacher-plan', campaign),
  ...staff(campaign),
];
