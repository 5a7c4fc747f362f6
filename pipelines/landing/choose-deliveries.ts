/**
 * Several files of one school in one night. Only a newer complete picture makes an older file of no account: a broken or outdated one before it is
 * set aside, kept as received, named in the notes and told as an exception. Any other broken or outdated file, such as a list of changes that
 * arrives late, fails the whole part before anything of it is merged: a source that fails lands nothing (I5), and its files stay in the inbox.
 */
import { SourceError } from '../../schemas/source-error.ts';

export interface Choice<D> {
  deliveries: D[];
  /** `name: code` of every delivery left out. */
  setAside: string[];
}

export interface Judges<D> {
  /**
   * A newer picture was landed on an earlier night, and these bytes never (I4). `replaced`: a newer one was complete, so that this one is of no
   * account; else what it says would be lost.
   */
  outdated(delivery: D): Promise<{ fault: SourceError; replaced: boolean } | null>;
  /** Reads a delivery to its end. @throws SourceError where it cannot be read */
  probe(delivery: D): Promise<void>;
}

interface Named {
  complete: boolean;
  objects: readonly { name: string }[];
}

const named = (delivery: Named, code: string): string => `${delivery.objects.map((o) => o.name).join(' ')}: ${code}`;

interface Verdict {
  fault: SourceError | null;
  /** A complete picture of an earlier night stands in for it. */
  replaced: boolean;
}

async function judge<D>(delivery: D, { outdated, probe }: Judges<D>): Promise<Verdict> {
  const late = await outdated(delivery);
  if (late) return late;
  try {
    await probe(delivery);
    return { fault: null, replaced: false };
  } catch (error) {
    if (error instanceof SourceError) return { fault: error, replaced: false };
    throw error;
  }
}

/**
 * @param deliveries oldest first
 * @throws SourceError of the first delivery that breaks or is outdated, and is not made good by a newer complete one
 */
export async function chooseDeliveries<D extends Named>(
  deliveries: readonly D[],
  judges: Judges<D>,
): Promise<Choice<D>> {
  if (deliveries.length < 2) return { deliveries: [...deliveries], setAside: [] };
  const verdicts: Verdict[] = [];
  for (const delivery of deliveries) verdicts.push(await judge(delivery, judges));
  const sound = (place: number): boolean => verdicts[place]?.fault === null;
  const lastWhole = deliveries.findLastIndex((delivery, place) => delivery.complete && sound(place));
  const choice: Choice<D> = { deliveries: [], setAside: [] };
  for (const [place, delivery] of deliveries.entries()) {
    const { fault, replaced } = verdicts[place] as Verdict;
    if (fault === null) choice.deliveries.push(delivery);
    else if (place < lastWhole || replaced) choice.setAside.push(named(delivery, fault.code));
    else throw fault;
  }
  // Nothing new beside what is outdated: the newest says by itself that it is.
  return choice.deliveries.length > 0 ? choice : { deliveries: deliveries.slice(-1), setAside: [] };
}
