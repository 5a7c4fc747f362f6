/**
 * Schools whose systems we ask: an answer that belongs to another school (a cache between us, credentials changed over) would move all its people. Two
 * schools never have the same people, so the same bytes for two of them are landed for neither, but for one whose own they were before. The next night asks again.
 */
import { SourceError } from '../../schemas/source-error.ts';
import type { Database } from '../../warehouse/connect.ts';
import { newestPictures } from '../../warehouse/landing/deliveries.ts';
import type { KeptPart } from './keep-part.ts';

/** Marks the parts of which an answer is another's, in this round or as landed last. */
export async function refuseSameAnswers(db: Database, parts: readonly KeptPart[]): Promise<void> {
  const fresh = parts.filter(({ replay, error }) => !replay && error === null);
  const answers = fresh.flatMap((kept) => kept.deliveries.map(({ digest }) => ({ kept, digest })));
  const [first] = fresh;
  if (first === undefined) return;
  const landed = await newestPictures(
    db,
    first.part.drop,
    answers.map(({ digest }) => digest),
  );
  const holders = (digest: Buffer): string[] => landed.get(digest.toString('hex')) ?? [];
  for (const { kept, digest } of answers) {
    const { source } = kept.part;
    if (holders(digest).includes(source)) continue;
    const other = answers.find(
      (one) =>
        one.kept !== kept &&
        (one.digest.equals(digest) ||
          // The other gives something else now: this is its answer of before, unless both had the other's until somebody put that right.
          (holders(digest).includes(one.kept.part.source) && !holders(one.digest).includes(source))),
    );
    if (other === undefined) continue;
    kept.error = new SourceError('source-answer-of-another', { source, other: other.kept.part.source });
  }
}
