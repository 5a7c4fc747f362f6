/** Every identifier that the sample ever writes, in plain: for the test that greps logs and job data for them. */
import { strayPost } from '../inbox/stray-row.ts';
import type { Chronicle } from '../world/chronicle.ts';
import { withWrongChecksum } from '../world/identifiers.ts';

export function allIdentifiers(chronicle: Chronicle): Set<string> {
  const { setting, last } = chronicle;
  const { world } = chronicle.chapter(last);
  const ids = new Set<string>();
  for (const post of [...world.posts.values()].flat()) {
    ids.add(post.person.id);
    const fault = setting.dirt.get(post.key) ?? setting.careFaults.get(post.key);
    if (fault === 'wrong-checksum') ids.add(withWrongChecksum(post.person.id));
    if (fault === 'foreign-row' || fault === 'kindergarten-row') ids.add(strayPost(post, post.title).person.id);
  }
  for (let index = 0; index <= last; index++) {
    for (const { post } of chronicle.chapter(index).world.proposals.values()) ids.add(post.person.id);
  }
  return ids;
}
