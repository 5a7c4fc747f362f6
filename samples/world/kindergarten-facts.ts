/**
 * The kindergartens as the care system would name them. Names, addresses and phones are the ministry's; what the care system
 * alone knows (sid, legal class, parent school, 準公共, capacity) is made up or read from the name.
 */
import { random } from './random.ts';
import type { KindergartenFact, SchoolFact } from './reference.ts';
import { makeSids } from './sid.ts';
import type { Kindergarten } from './state.ts';

/**
 * What stands where the ministry's list lost a character. 双葉, 公舘, 廍子, 槺榔, 麗喆 are certain (the school list,
 * villages of 北屯區); 芝蔴街, 芠薐, 迪兒琹, 瀅寶 are plausible characters made up for the sample.
 */
const RESTORED: readonly (readonly [string, string])[] = [
  ['私立?葉幼', '私立双葉幼'],
  ['公?國民', '公舘國民'],
  ['市?子非', '市廍子非'],
  ['區?榔', '區槺榔'],
  ['麗?', '麗喆'],
  ['芝?街', '芝蔴街'],
  ['芠?', '芠薐'],
  ['迪兒?', '迪兒琹'],
  ['私立?寶', '私立瀅寶'],
  ['區?子里', '區廍子里'],
  ['蔗?里', '蔗廍里'],
  ['公?里', '公舘里'],
  ['?榔里', '槺榔里'],
];

const restored = (text: string): string => RESTORED.reduce((out, [from, to]) => out.replaceAll(from, to), text);

export function careOwnership(fact: KindergartenFact): Kindergarten['ownership'] {
  if (fact.name.includes('非營利')) return '非營利';
  return fact.ownership === '公立' ? '公立' : '私立';
}

/** Legal class read from the name: 公立 by 直轄市立, 公立學校附設 or 直轄市山地原住民區立; everything else is 私立 in law. */
export function legalClassOf(fact: KindergartenFact): string {
  if (fact.ownership !== '公立') return '私立';
  if (fact.name.includes('附設')) return '公立學校附設';
  return fact.name.includes('區立') ? '直轄市山地原住民區立' : '直轄市立';
}

const schoolStem = (name: string): string =>
  name.replace(/^(市立|私立|國立)/, '').replace(/(國\(中\)小|國小|小學)$/, '');

/** The school that an attached public kindergarten belongs to: the one primary of its district with that name, else null. */
export function parentSchool(fact: KindergartenFact, schools: readonly SchoolFact[]): string | null {
  if (fact.code === '190X01') return '190601';
  const match = /^臺中市(?:.+?區|立)(.+?)(?:國民小學|國民中小學)附設幼兒園$/.exec(restored(fact.name));
  if (!match || fact.ownership !== '公立') return null;
  const found = schools.filter((school) => {
    if (school.section !== '國小' || school.district !== fact.district) return false;
    const stem = schoolStem(school.name);
    return stem === match[1] || stem === fact.district + match[1];
  });
  return found.length === 1 ? (found[0]?.code ?? null) : null;
}

/** Spelling as the other system has it, for a few: 台 for 臺, other brackets. A matcher must see through these. */
function careSpelling(name: string, roll: number): string {
  if (roll < 0.03) return name.replace('臺中', '台中');
  if (roll < 0.06) return name.replaceAll('(', '（').replaceAll(')', '）');
  return name;
}

export function makeKindergartens(
  seed: string,
  facts: readonly KindergartenFact[],
  schools: readonly SchoolFact[],
): Kindergarten[] {
  const sids = makeSids(facts);
  return facts.map((fact) => {
    const sid = sids.get(fact.code) ?? '';
    const rng = random(`${seed}/kindergarten/${sid}`);
    const ownership = careOwnership(fact);
    const phone = fact.telephone === '' ? null : fact.telephone;
    return {
      sid,
      moeCode: fact.code,
      name: careSpelling(restored(fact.name), rng.next()),
      ownership,
      legalClass: rng.chance(0.06) ? null : legalClassOf(fact),
      parentSchoolCode: parentSchool(fact, schools),
      quasiPublic: ownership === '私立' && rng.chance(0.45),
      district: fact.district,
      address: restored(fact.address).replace(/^\[\d+\]/, rng.chance(0.5) ? '$&' : ''),
      telephone: phone !== null && rng.chance(0.03) ? phone.replace('(04)', '(4)') : phone,
      principal: null,
      approvedCapacity: rng.between(2, 20) * 15,
      status: '營業中',
      updatedAt: `2024-0${rng.between(1, 6)}-${rng.between(10, 28)}T${rng.between(10, 17)}:${rng.between(10, 59)}:00+08:00`,
      proposed: null,
    };
  });
}
