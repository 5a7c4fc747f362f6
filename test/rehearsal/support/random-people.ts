/** Three hundred people of whom three schools say anything, night by night: what the files of each night hold. The same seed tells the same stories. */
import fc from 'fast-check';
import { nights, plusDays, titleCode, type Word } from '../../pipelines/reconcile/words.ts';
import { nationalId } from '../../rules/story.ts';
import type { SmallInstallation } from '../../support/small-installation.ts';

export const SEED = Number(process.env.MINGCE_TEST_SEED ?? 20240801);
const PEOPLE = 300;
const HEAD = '學校代碼,身分證字號,姓名,性別,出生日期,職稱,職別,任教科目,主聘,異動別,異動日期';
const SCHOOLS = ['064601', '064602', '064603'];

/** What is said of each person in each night. */
export const told = fc
  .sample(nights, { numRuns: PEOPLE, seed: SEED })
  .map((said) => said.map((words) => words.filter((w) => SCHOOLS.includes(w.unit))));
export const NIGHTS = Math.max(...told.map((said) => said.length));

/** What the tests say of themselves: the same seed (`MINGCE_TEST_SEED`) tells them again. */
export const SEEDED = `seed ${SEED}, ${PEOPLE} people`;
export const nameOf = (person: number): string => `王${String.fromCodePoint(0x5e73 + person)}`;
const roc = (day: string): string => `${Number(day.slice(0, 4)) - 1911}/${day.slice(5, 7)}/${day.slice(8)}`;
const line = (person: number, w: Word, night: string): string =>
  [
    w.unit,
    nationalId(`A1${String(1000000 + person * 137)}`),
    nameOf(person),
    '男,70/05/06',
    w.title,
    titleCode(w.title),
    '國語文',
    w.primary ? '是' : '否',
    w.change,
    w.change === '' ? '' : roc(plusDays(night, w.in)),
  ].join(',');

export interface SchoolFile {
  name: string;
  arrived: string;
  lines: string[];
}

/** Of the first so many people. */
export const first =
  (people: number) =>
  (person: number): boolean =>
    person < people;

/** What the schools say in the n-th night, as lists of changes. @param night its day. @param of whom they say anything */
export const filesOf = (n: number, night: string, of: (person: number) => boolean = () => true): SchoolFile[] =>
  SCHOOLS.flatMap((school) => {
    const rows = told.flatMap((said, person) =>
      (of(person) ? (said[n] ?? []) : []).filter((w) => w.unit === school).map((w) => line(person, w, night)),
    );
    const file = {
      name: `${school}-${n}.csv`,
      arrived: `${night}T10:00:00+08:00`,
      lines: ['名冊別：異動', HEAD, ...rows],
    };
    return rows.length > 0 ? [file] : [];
  });

export async function sendNight(
  small: SmallInstallation,
  n: number,
  night: string,
  of?: (person: number) => boolean,
): Promise<void> {
  for (const { name, arrived, lines } of filesOf(n, night, of)) await small.send(name, arrived, lines);
}

/** Limits of one percentage for everything, and without a least number of people. */
export const limits = (percent: number) => {
  const every = { percent, people: 1 };
  // What a city's limits would say of three schools is not looked at.
  return {
    guards: {
      lost: every,
      changed: every,
      added: every,
      leaving: { ...every, cityPercent: 1e6 },
      city: { percent: 1e6 },
    },
  };
};
