/** A private kindergarten that opens: made up, with the staff that it begins with. The ministry's list, which is of an earlier day, does not have it. */
import type { Draft } from './draft.ts';
import type { NightEvent } from './event.ts';
import { nextSid } from './sid.ts';
import type { Kindergarten } from './state.ts';

const WORDS = ['晨露', '禾風', '小橡果', '向陽坡', '雲雀', '青苗田', '木棉道', '星芽', '暖石', '溪畔'] as const;
const STAFF = ['園長', '教師', '教師', '教保員', '教保員', '廚工'] as const;

/** @throws Error when the city has no private kindergarten to learn from */
export function opening(draft: Draft): NightEvent[] {
  const { rng } = draft;
  const known = draft.kindergartens();
  const names = new Set(known.map((one) => one.name));
  const like = rng.pick(known.filter((one) => one.ownership === '私立' && !one.sid.includes('-')));
  const free = WORDS.flatMap((first) => WORDS.map((second) => `臺中市私立${first}${second}幼兒園`)).filter(
    (name) => !names.has(name),
  );
  // A hundred names, then no more of them open.
  if (free.length === 0) return [];
  const kindergarten: Kindergarten = {
    ...like,
    sid: nextSid(
      like.district,
      known.map((one) => one.sid),
    ),
    moeCode: '',
    address: `臺中市${like.district}`,
    name: rng.pick(free),
    legalClass: '私立',
    parentSchoolCode: null,
    quasiPublic: false,
    telephone: null,
    principal: null,
    status: '營業中',
    updatedAt: draft.moment(),
    proposed: null,
  };
  draft.open(kindergarten);
  const posts = STAFF.map((title) => draft.carePost(kindergarten.sid, title, null));
  const principal = posts[0]?.person.name ?? null;
  return [
    { type: 'opening', kindergarten: { ...kindergarten, principal } },
    ...posts.map((post): NightEvent => ({ type: 'hire', post, comeback: false, approves: null })),
  ];
}
