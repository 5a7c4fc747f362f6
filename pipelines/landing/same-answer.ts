/**
 * Schools whose systems we ask: an answer that belongs to another school (a cache between us, credentials changed over) would move all its people. Two
 * schools never have the same people, so the same bytes for two of them are landed
 * for neither, but for one whose own they were before. The next night asks again.
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
  const sources = Map.groupBy(answers, ({ digest }) => digest.toString('hex'));
  for (const { kept, digest } of answers) {
    const { source } = kept.part;
    const id = digest.toString('hex');
    const own = landed.get(id) ?? [];
    if (own.includes(source)) continue;
    const other = own[0] ?? sources.get(id)?.find((answer) => answer.kept !== kept)?.kept.part.source;
    if (other === undefined) continue;
    kept.error = new SourceError('api-answer-of-another-school', { source, other });
  }
}
