/** What the care system answers: the approved state, or the proposed one where something is under review (contract of the feed). */
import { writeDate } from '../inbox/dates.ts';
import { withWrongChecksum } from '../world/identifiers.ts';
import { fraction } from '../world/random.ts';
import type { Setting } from '../world/setting.ts';
import type { Kindergarten, Post, Proposal, World } from '../world/state.ts';

export interface InstitutionItem {
  sid: string;
  name: string;
  ownership: string;
  legalClass: string | null;
  parentSchoolCode: string | null;
  quasiPublic: boolean;
  town: string;
  address: string | null;
  telephone: string | null;
  principal: string | null;
  approvedCapacity: number | null;
  status: string;
  reviewStatus: string;
  updatedAt: string;
}

export interface StaffItem {
  staffId: string;
  institutionSid: string;
  nationalId: string | null;
  name: string;
  sex: string | null;
  birthDate: string | null;
  title: string;
  certificateNo: string | null;
  hiredOn: string | null;
  leftOn: string | null;
  leaveReason: string | null;
  email: string | null;
  mobile: string | null;
  reviewStatus: string;
  changeType: string | null;
  updatedAt: string;
}

const rocDate = (iso: string): string => String(writeDate(iso, 'roc-slash'));

function institutionItem(kindergarten: Kindergarten): InstitutionItem {
  const { district, proposed } = kindergarten;
  return {
    sid: kindergarten.sid,
    name: proposed?.name ?? kindergarten.name,
    ownership: kindergarten.ownership,
    legalClass: kindergarten.legalClass,
    parentSchoolCode: kindergarten.parentSchoolCode,
    quasiPublic: kindergarten.quasiPublic,
    town: district,
    address: kindergarten.address,
    telephone: kindergarten.telephone,
    principal: kindergarten.principal,
    approvedCapacity: kindergarten.approvedCapacity,
    status: kindergarten.status,
    reviewStatus: proposed ? '異動待審' : '核定',
    updatedAt: proposed?.updatedAt ?? kindergarten.updatedAt,
  };
}

function staffItem(setting: Setting, post: Post, proposal: Proposal | null): StaffItem {
  const { person, left } = post;
  const fault = setting.careFaults.get(post.key);
  const compact = fraction(`care-birth/${person.uid}`) < 0.4;
  return {
    staffId: post.key,
    institutionSid: post.unit,
    nationalId: fault === 'missing-id' ? null : fault === 'wrong-checksum' ? withWrongChecksum(person.id) : person.id,
    name: person.name,
    sex: fault === 'missing-sex' ? null : person.sex,
    birthDate:
      fault === 'missing-birth' ? null : String(writeDate(person.birth, compact ? 'roc-compact' : 'roc-slash')),
    title: post.title,
    certificateNo: post.certificateNo,
    hiredOn: rocDate(post.since),
    leftOn: left ? rocDate(left.on) : null,
    leaveReason: left?.reason ?? null,
    email: post.email,
    mobile: post.mobile,
    reviewStatus: proposal?.review ?? '核定',
    changeType: proposal?.changeType ?? null,
    updatedAt: post.updatedAt,
  };
}

const byKey = <T>(key: (item: T) => string): ((a: T, b: T) => number) => {
  return (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0);
};

export const institutionItems = (world: World): InstitutionItem[] =>
  [...world.kindergartens.values()].map(institutionItem).sort(byKey((item) => item.sid));

/** Everybody ever approved (those who left with their date and reason), and every proposal; a record appears once. */
export function staffItems(setting: Setting, world: World): StaffItem[] {
  const items: StaffItem[] = [];
  const shown = new Set<string>();
  for (const [unit, posts] of world.posts) {
    if (unit.includes(':')) continue;
    for (const post of posts) {
      if (world.vanished.has(post.key)) continue;
      const proposal = world.proposals.get(post.key) ?? null;
      shown.add(post.key);
      items.push(staffItem(setting, proposal?.post ?? post, proposal));
    }
  }
  for (const proposal of world.proposals.values()) {
    if (!shown.has(proposal.post.key)) items.push(staffItem(setting, proposal.post, proposal));
  }
  return items.sort(byKey((item) => item.staffId));
}
