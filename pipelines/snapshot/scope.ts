/**
 * Who is addressed by a campaign (R04), and who of these belongs to a plan (R26). Pure. An unknown legal class is judged by ownership, and the
 * institution carries a note that says so.
 */
import type { Campaign, PlanKind } from '../../schemas/campaign.ts';
import type { LegalClass } from '../../schemas/records.ts';
import type { SnapshotInstitution } from '../../warehouse/views/snapshot-institutions.ts';

export type OutsideReason = 'not-addressed' | 'excepted-district' | 'closed' | 'public-kindergarten';

export interface Placed {
  institution: SnapshotInstitution;
  notes: string[];
}
export interface Scope {
  /** In the plan. */
  inside: Placed[];
  /** Addressed, and outside this plan. */
  excluded: (Placed & { reason: OutsideReason })[];
  /** In the city, not addressed. */
  notAddressed: (Placed & { reason: OutsideReason })[];
}

type Rule = Campaign['addressed'][number];

/** 公立 by legal class, not by badge; 公立學校附設 counts as 公立, 非營利 is legally private. */
const PUBLIC_CLASSES: ReadonlySet<LegalClass> = new Set([
  '直轄市立',
  '鄉鎮市立',
  '直轄市山地原住民區立',
  '公立學校附設',
]);
const isPublicClass = (legalClass: LegalClass): boolean => PUBLIC_CLASSES.has(legalClass);

function hasLegalClass(institution: SnapshotInstitution, wanted: readonly LegalClass[]): boolean {
  if (institution.legal_class !== null) return wanted.includes(institution.legal_class);
  // Most are 直轄市立; one of a district that a rule leaves out must not come in by another rule.
  if (institution.ownership === '公立') return wanted.includes('直轄市立');
  return institution.ownership !== '國立' && wanted.includes('私立');
}

const holds = <T>(wanted: readonly T[] | undefined, value: T): boolean =>
  wanted === undefined || wanted.includes(value);

/** By its own code, or a kindergarten by that of the ministry's list. */
const isNamed = (codes: readonly string[], i: SnapshotInstitution): boolean =>
  codes.includes(i.code) || (i.moe_code !== null && codes.includes(i.moe_code));

/** All conditions of a rule but its excepted districts. */
export const meets = (rule: Rule, i: SnapshotInstitution): boolean =>
  holds(rule.section, i.section) &&
  holds(rule.ownership, i.ownership) &&
  (rule.codes === undefined || isNamed(rule.codes, i)) &&
  !isNamed(rule.exceptCodes ?? [], i) &&
  (rule.legalClass === undefined || hasLegalClass(i, rule.legalClass));

const excepts = (rule: Rule, i: SnapshotInstitution): boolean =>
  i.district !== null && (rule.exceptDistricts ?? []).includes(i.district);

function outsideReason(campaign: Campaign, i: SnapshotInstitution): OutsideReason | null {
  const met = campaign.addressed.filter((rule) => meets(rule, i));
  if (met.length === 0) return 'not-addressed';
  if (met.every((rule) => excepts(rule, i))) return 'excepted-district';
  return i.status === '停辦' ? 'closed' : null;
}

/** Whether a campaign asks anything of an institution (R04). Who only has a copy (副本) of the letter stands under no rule and has no duty (R05). */
export const isAddressed = (campaign: Campaign, institution: SnapshotInstitution): boolean =>
  outsideReason(campaign, institution) === null;

const isPublicKindergarten = (i: SnapshotInstitution): boolean =>
  i.section === '幼兒園' && (i.legal_class === null ? i.ownership === '公立' : isPublicClass(i.legal_class));

export function scopeOf(campaign: Campaign, kind: PlanKind, institutions: readonly SnapshotInstitution[]): Scope {
  const scope: Scope = { inside: [], excluded: [], notAddressed: [] };
  const withoutPublic = kind === 'school-plan' && campaign.plans['school-plan'].excludePublicKindergartens;
  for (const institution of institutions) {
    const guessed = institution.section === '幼兒園' && institution.legal_class === null;
    const placed = { institution, notes: guessed ? ['legal-class-unknown'] : [] };
    const reason = outsideReason(campaign, institution);
    if (reason !== null) scope.notAddressed.push({ ...placed, reason });
    else if (withoutPublic && isPublicKindergarten(institution))
      scope.excluded.push({ ...placed, reason: 'public-kindergarten' });
    else scope.inside.push(placed);
  }
  return scope;
}
