/** The made-up staff of one school section before the first night. Primaries have the real number of teachers. */
import type { NameMaker } from './names.ts';
import { certificate, contacts, makePerson } from './people.ts';
import { type Random, random } from './random.ts';
import type { SchoolFact } from './reference.ts';
import type { Post } from './state.ts';
import {
  CHIEF_SPELLINGS,
  HEADS,
  HOMEROOM,
  PRINCIPAL,
  SECTION_CHIEFS,
  SPECIAL,
  SUBJECT_TEACHER,
  SUBJECTS,
  SUBSTITUTE,
  type TitleChoice,
} from './titles.ts';

/** Made up where no list has a count: [least, most] people. */
const SIZES: Readonly<Record<string, readonly [number, number]>> = {
  國中: [25, 85],
  高中: [95, 145],
  特教: [65, 95],
  國小: [12, 40],
};

export function schoolSize(fact: SchoolFact, rng: Random): number {
  const made = rng.between(...(SIZES[fact.section] ?? [20, 40]));
  return fact.teachers || made;
}

function spelling(rng: Random, choice: TitleChoice): TitleChoice {
  const others = CHIEF_SPELLINGS[choice.title];
  return others && rng.chance(0.3) ? { ...choice, title: rng.pick(others) } : choice;
}

/** Who does what in a school of `size` people: one 校長, heads and chiefs by size, then classes, subjects, substitutes. */
function duties(rng: Random, size: number): TitleChoice[] {
  const heads = Math.min(Math.max(Math.round(size / 14), size > 3 ? 1 : 0), 4);
  const chiefs = Math.min(Math.max(Math.round(size / 7), 0), SECTION_CHIEFS.length);
  const list = [PRINCIPAL, ...HEADS.slice(0, heads), ...SECTION_CHIEFS.slice(0, chiefs).map((c) => spelling(rng, c))];
  while (list.length < size) {
    const roll = rng.next();
    if (roll < 0.6) list.push(HOMEROOM[0] as TitleChoice);
    else if (roll < 0.65) list.push(rng.pick(HOMEROOM));
    else if (roll < 0.83) list.push(rng.pick(SUBJECT_TEACHER));
    else if (roll < 0.88) list.push(rng.pick(SPECIAL));
    else list.push(rng.pick(SUBSTITUTE));
  }
  return list.slice(0, size);
}

const AGES: Readonly<Record<number, readonly [number, number]>> = { 1: [45, 63], 2: [38, 62], 10: [23, 42] };

export function teacherSubjects(rng: Random, section: string, kind: number): string[] {
  const all = SUBJECTS[section] ?? [];
  if (kind === 1) return [];
  const first = rng.pick(all);
  const second = rng.pick(all);
  return section === '國小' && kind === 6
    ? [...new Set(['國語文', '數學', ...(rng.chance(0.5) ? [first] : [])])]
    : rng.chance(0.3) && second !== first
      ? [first, second]
      : [first];
}

export interface SchoolPostWish {
  unit: string;
  section: string;
  duty: TitleChoice;
  since: string;
}

/** A post for a person; `number` makes the key unique in the institution. */
export function schoolPost(rng: Random, person: Post['person'], number: number, wish: SchoolPostWish): Post {
  return {
    key: `${wish.unit}/${number}`,
    unit: wish.unit,
    person,
    title: wish.duty.title,
    kind: wish.duty.kind,
    subjects: teacherSubjects(rng, wish.section, wish.duty.kind),
    primary: true,
    since: wish.since,
    onLeaveSince: null,
    left: null,
    ...contacts(rng, person.uid, 'tc.edu.tw'),
    certificateNo: rng.chance(0.9) ? certificate(rng, rng.between(88, 112)) : null,
    updatedAt: '2024-07-01T00:00:00+08:00',
  };
}

export function makeSchoolRoster(seed: string, fact: SchoolFact, unitIndex: number, names: NameMaker): Post[] {
  const rng = random(`${seed}/school/${fact.key}`);
  const taken = new Set<string>();
  return duties(rng, schoolSize(fact, rng)).map((duty, number) => {
    const ages = AGES[duty.kind] ?? ([26, 62] as const);
    const person = makePerson(rng, names, { unit: fact.key, unitIndex, number, femaleShare: 0.68, ages, taken });
    taken.add(person.name);
    const grown = Number(person.birth.slice(0, 4)) + 23;
    const since = `${Math.min(2023, Math.max(grown, 2024 - rng.between(1, 25)))}-08-01`;
    const post = schoolPost(rng, person, number, { unit: fact.key, section: fact.section, duty, since });
    return duty.kind !== 1 && rng.chance(0.008)
      ? { ...post, onLeaveSince: rng.pick(['2023-08-01', '2024-02-01']) }
      : post;
  });
}
