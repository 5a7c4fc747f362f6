/**
 * What is wrong in the files, on purpose and at a low rate. Which row carries which fault depends on the seed and
 * the school only: a school that sends its roster again sends the same faults again. People with a fault are left alone by the
 * nights, so that hires, moves and leaves stay countable.
 */
import { fraction, random } from '../world/random.ts';
import type { Post } from '../world/state.ts';

/** `outcome` is what the pipeline should make of the row. */
export const DIRT = {
  'lower-case-id': { outcome: 'repaired', rate: 0.002 },
  'full-width-id': { outcome: 'repaired', rate: 0.002 },
  'trailing-space': { outcome: 'repaired', rate: 0.004 },
  'ideographic-space': { outcome: 'repaired', rate: 0.002 },
  'wrong-checksum': { outcome: 'warning', rate: 0.003 },
  'missing-id': { outcome: 'warning', rate: 0.002 },
  'question-in-name': { outcome: 'warning', rate: 0.001 },
  'entity-in-name': { outcome: 'warning', rate: 0.001 },
  'placeholder-birth': { outcome: 'warning', rate: 0.002 },
  'unparsable-birth': { outcome: 'warning', rate: 0.0015 },
  'unknown-title': { outcome: 'warning', rate: 0.003 },
  'duplicate-row': { outcome: 'duplicate', rate: 0.001 },
  'key-conflict': { outcome: 'quarantined', rate: 0.0006 },
  'masked-id': { outcome: 'quarantined', rate: 0.0008 },
  'foreign-row': { outcome: 'quarantined', rate: 0.0006 },
  'kindergarten-row': { outcome: 'quarantined', rate: 0.0006 },
  'unparsable-change-date': { outcome: 'quarantined', rate: 0.0006 },
} as const;
export type DirtClass = keyof typeof DIRT;
/** Faults of a whole file, or made by its encoding rather than by a hand. */
export type FileFault = 'lost-leading-zero' | 'float-number' | 'lost-glyph' | 'entity-glyph';
export type Outcome = (typeof DIRT)[DirtClass]['outcome'];

const PLAIN_ID_ONLY: ReadonlySet<DirtClass> = new Set([
  'lower-case-id',
  'full-width-id',
  'wrong-checksum',
  'masked-id',
]);
const CLASSES = Object.keys(DIRT) as DirtClass[];

/** Fault by post key, over all sections of one school code. Principals, the absent and those with a second post are spared. */
export function dirtOf(
  seed: string,
  code: string,
  posts: readonly Post[],
  spared: (post: Post) => boolean,
  hashed: boolean,
): Map<string, DirtClass> {
  const rng = random(`${seed}/dirt/${code}`);
  const dirt = new Map<string, DirtClass>();
  for (const post of posts) {
    let roll = rng.next();
    if (post.kind === 1 || post.onLeaveSince || spared(post)) continue;
    for (const name of CLASSES) {
      roll -= DIRT[name].rate;
      if (roll >= 0) continue;
      const national = post.person.idKind === 'national';
      if (!PLAIN_ID_ONLY.has(name) || (!hashed && national)) dirt.set(post.key, name);
      break;
    }
  }
  return dirt;
}

/** A stable pick among the spellings of one fault. */
export const variant = <T>(key: string, list: readonly T[]): T => list[Math.floor(fraction(key) * list.length)] as T;
