/** The made-up staff of one kindergarten before the first night. */
import type { NameMaker } from './names.ts';
import { certificate, contacts, makePerson } from './people.ts';
import { type Random, random } from './random.ts';
import type { Kindergarten, Person, Post } from './state.ts';
import { CARE_OTHERS } from './titles.ts';

/** Made up: [least, most] people by kind. */
export function kindergartenSize(kindergarten: Kindergarten, rng: Random): number {
  if (kindergarten.sid.includes('-')) return rng.between(6, 10);
  if (kindergarten.name.includes('附設') && kindergarten.ownership === '公立') return rng.between(6, 12);
  if (kindergarten.ownership === '非營利') return rng.between(10, 20);
  return kindergarten.ownership === '公立' ? rng.between(10, 18) : rng.between(6, 25);
}

function duties(rng: Random, kindergarten: Kindergarten, size: number): string[] {
  const attached = kindergarten.legalClass === '公立學校附設' || kindergarten.parentSchoolCode !== null;
  const list = [attached ? '組長' : '園長'];
  const others = size > 8 ? rng.between(1, 2) : 1;
  while (list.length < size - others) {
    const roll = rng.next();
    if (roll < (kindergarten.ownership === '公立' ? 0.6 : 0.35)) list.push('教師');
    else if (roll < 0.85) list.push('教保員');
    else if (roll < 0.97) list.push('助理教保員');
    else list.push('學前特殊教育教師');
  }
  while (list.length < size) list.push(rng.chance(0.6) ? '廚工' : rng.pick(CARE_OTHERS));
  return list;
}

export interface CarePostWish {
  sid: string;
  unitIndex: number;
  title: string;
  since: string;
  updatedAt: string;
}

/** staffId of the care system: stable for one person at one institution. */
export const staffId = (unitIndex: number, number: number): string =>
  `ST${String(unitIndex).padStart(4, '0')}${String(number).padStart(4, '0')}`;

export function carePost(rng: Random, person: Person, number: number, wish: CarePostWish): Post {
  const teaches = wish.title.includes('教師') || wish.title === '園長' || wish.title === '教保員';
  return {
    key: staffId(wish.unitIndex, number),
    unit: wish.sid,
    person,
    title: wish.title,
    kind: null,
    subjects: [],
    primary: true,
    since: wish.since,
    onLeaveSince: null,
    left: null,
    ...contacts(rng, person.uid, rng.chance(0.5) ? 'tc.edu.tw' : 'example.com'),
    certificateNo: teaches && rng.chance(0.8) ? certificate(rng, rng.between(88, 112)) : null,
    updatedAt: wish.updatedAt,
  };
}

export function makeKindergartenStaff(
  seed: string,
  kindergarten: Kindergarten,
  unitIndex: number,
  names: NameMaker,
): Post[] {
  const rng = random(`${seed}/care/${kindergarten.sid}`);
  const taken = new Set<string>();
  return duties(rng, kindergarten, kindergartenSize(kindergarten, rng)).map((title, number) => {
    const ages = title === '園長' ? ([38, 64] as const) : ([22, 58] as const);
    const person = makePerson(rng, names, {
      unit: kindergarten.sid,
      unitIndex,
      number,
      femaleShare: 0.96,
      ages,
      taken,
    });
    taken.add(person.name);
    return carePost(rng, person, number, {
      sid: kindergarten.sid,
      unitIndex,
      title,
      since: `${Math.max(2024 - rng.between(1, 12), Math.min(2023, Number(person.birth.slice(0, 4)) + 21))}-08-01`,
      updatedAt: `2024-0${rng.between(1, 6)}-${rng.between(10, 28)}T${rng.between(10, 17)}:${rng.between(10, 59)}:00+08:00`,
    });
  });
}
