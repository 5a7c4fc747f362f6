/** A name as it can be read from its source again: what the encoding lost stays lost, an entity is the character that it stands for. Without spaces. */
import type { DirtClass } from '../inbox/dirt.ts';
import { legible } from '../inbox/roster-table.ts';
import { nameText } from '../inbox/roster-values.ts';
import type { Setting } from '../world/setting.ts';
import { codeOf, type Post } from '../world/state.ts';

export function readName({ profiles, repertoire }: Setting, post: Post, dirt: DirtClass | undefined): string {
  const profile = profiles.get(codeOf(post.unit));
  const written = nameText(post.person.name, dirt, post.key);
  const carried = profile === undefined ? written : legible(written, profile, repertoire);
  const decoded = carried.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
  return decoded.replaceAll(/\s/g, '');
}
