/**
 * Several files of one school in one night. Of complete pictures that can be read only the newest counts: an older one would bring back whom the newer one
 * let go. Lists of changes between them count in their order. A newer complete picture also makes an older broken or outdated file of no account. All of
 * these are set aside, kept as received and told. A list of changes that arrives late and that no complete picture replaced holds up nothing newer: it is
 * set aside and told, and stays in the inbox, for what it says would be lost; so is a newer file that is no table at all. Any other broken file, or a late one with nothing else beside it, fails the
 * whole part before anything of it is merged: a source that fails lands nothing (I5), and its files stay in the inbox.
 */
import { SourceError } from '../../schemas/source-error.ts';

export interface Choice<D> {
  deliveries: D[];
  /** `name: code` of every delivery left out because it is broken or outdated. */
  setAside: string[];
  /** Names of complete pictures left out for a newer one. */
  superseded: string[];
  /** Those set aside whose originals must stay where they are. */
  left: D[];
}

export interface Judges<D> {
  /**
   * A newer picture was landed on an earlier night, and these bytes never (I4). `replaced`: a newer one was complete, so that this one is of no
   * account; else what it says would be lost.
   */
  outdated(delivery: D): Promise<{ fault: SourceError; replaced: boolean } | null>;
  /** These bytes were landed before a newer picture: landing them again changes nothing (I4), so they replace nothing either. */
  old(delivery: D): Promise<boolean>;
  /** Reads a delivery to its end. @throws SourceError where it cannot be read */
  probe(delivery: D): Promise<void>;
}

interface Named {
  complete: boolean;
  digest: Buffer;
  objects: readonly { name: string }[];
}

const nameOf = (delivery: Named): string => delivery.objects.map((o) => o.name).join(' ');

type Standing = 'sound' | 'old' | 'broken' | 'replaced' | 'late';
interface Verdict {
  standing: Standing;
  fault: SourceError | null;
}

async function judge<D>(delivery: D, { outdated, old, probe }: Judges<D>): Promise<Verdict> {
  const late = await outdated(delivery);
  if (late) return { standing: late.replaced ? 'replaced' : 'late', fault: late.fault };
  try {
    await probe(delivery);
    return { standing: (await old(delivery)) ? 'old' : 'sound', fault: null };
  } catch (error) {
    if (error instanceof SourceError) return { standing: 'broken', fault: error };
    throw error;
  }
}

const TABLE = /\.(csv|tsv|txt|xlsx?|xlsm|ods|zip)$/i;

/** A letter in PDF or Word, a picture: it holds no changes that would be lost, so it stays where it is and holds up no list beside it. */
const isNoTable = (delivery: Named, fault: SourceError | null): boolean =>
  fault !== null &&
  !fault.retryable &&
  (fault.code === 'file-format-unknown' || delivery.objects.every(({ name }) => !TABLE.test(name)));

/**
 * @param deliveries oldest first
 * @throws SourceError of the first delivery that breaks or is outdated, and is not made good by a newer one
 */
export async function chooseDeliveries<D extends Named>(
  deliveries: readonly D[],
  judges: Judges<D>,
): Promise<Choice<D>> {
  const choice: Choice<D> = { deliveries: [], setAside: [], superseded: [], left: [] };
  if (deliveries.length < 2) return { ...choice, deliveries: [...deliveries] };
  const verdicts: Verdict[] = [];
  for (const delivery of deliveries) verdicts.push(await judge(delivery, judges));
  const readable = verdicts.some(({ fault }) => fault === null);
  const newest = deliveries.findLastIndex((one, place) => one.complete && verdicts[place]?.standing === 'sound');
  const makesGood = (place: number, delivery: D, { standing, fault }: Verdict): boolean =>
    place < newest || standing === 'replaced' || (readable && (standing === 'late' || isNoTable(delivery, fault)));
  for (const [place, delivery] of deliveries.entries()) {
    const verdict = verdicts[place] as Verdict;
    const { standing, fault } = verdict;
    const replaced = standing === 'sound' && delivery.complete && place < newest;
    if (replaced && !delivery.digest.equals(deliveries[newest]!.digest)) choice.superseded.push(nameOf(delivery));
    else if (fault === null) choice.deliveries.push(delivery);
    else if (makesGood(place, delivery, verdict)) {
      choice.setAside.push(`${nameOf(delivery)}: ${fault.code}`);
      if (place > newest && (standing === 'late' || isNoTable(delivery, fault))) choice.left.push(delivery);
    } else throw fault;
  }
  // Nothing new beside what is outdated: the newest says by itself that it is.
  return choice.deliveries.length > 0
    ? choice
    : { ...choice, deliveries: deliveries.slice(-1), setAside: [], left: [] };
}
