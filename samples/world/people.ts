/** Makes one person: name, sex, birth date, identifier. Serial numbers keep identifiers apart: 4,096 for each institution. */
import { ID_KINDS, type IdKind, makeIdentifier } from './identifiers.ts';
import type { NameMaker } from './names.ts';
import type { Random } from './random.ts';
import type { Person, Sex } from './state.ts';

export const SERIALS_PER_UNIT = 4096;

export interface PersonWish {
  unit: string;
  /** Place of the institution among all: with `number` it makes the serial. */
  unitIndex: number;
  /** How many people the institution has created before. */
  number: number;
  femaleShare: number;
  ages: readonly [number, number];
  taken: ReadonlySet<string>;
  /** Only characters that every file format can carry; no foreigners. For people that later nights are about. */
  plain?: boolean;
}

const two = (n: number): string => String(n).padStart(2, '0');

function identifierKind(rng: Random, plain: boolean): IdKind {
  if (plain || !rng.chance(0.008)) return ID_KINDS[0];
  const roll = rng.next();
  return roll < 0.5 ? 'resident-new' : roll < 0.85 ? 'resident-old' : 'passport';
}

export function makePerson(rng: Random, names: NameMaker, wish: PersonWish): Person {
  if (wish.number >= SERIALS_PER_UNIT)
    throw new Error(`${wish.unit} has used up its ${SERIALS_PER_UNIT} serial numbers`);
  const sex: Sex = rng.chance(wish.femaleShare) ? '女' : '男';
  const idKind = identifierKind(rng, wish.plain ?? false);
  const age = rng.between(wish.ages[0], wish.ages[1]);
  const birth = `${2024 - age}-${two(rng.between(1, 12))}-${two(rng.between(1, 28))}`;
  const foreign = idKind !== 'national';
  const serial = wish.unitIndex * SERIALS_PER_UNIT + wish.number;
  return {
    uid: String(serial).padStart(7, '0'),
    name: names.make(rng, sex, wish.taken, { plain: wish.plain ?? false, foreign }),
    sex,
    birth,
    id: makeIdentifier(rng, idKind, sex, serial),
    idKind,
  };
}

/** Contact details of a post: made up, and stable for the person. */
export function contacts(rng: Random, uid: string, domain: string): { email: string | null; mobile: string | null } {
  return {
    email: rng.chance(0.85) ? `t${uid}@${domain}` : null,
    mobile: rng.chance(0.8) ? `09${two(rng.between(0, 99))}-${rng.between(100, 999)}-${rng.between(100, 999)}` : null,
  };
}

export const certificate = (rng: Random, year: number): string =>
  `${rng.pick(['國小教', '中等教', '幼教', '教字'])}字第${year}${String(rng.between(1, 99999)).padStart(5, '0')}號`;
