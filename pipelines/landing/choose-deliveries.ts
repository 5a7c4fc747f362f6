/**
 * Several files of one school in one night. A newer complete picture makes older ones of no account: a broken or outdated one is set aside,
 * kept as received and named in the notes. Where the newest word is broken the whole part fails before anything of it is merged: a source that
 * fails lands nothing (I5).
 */
import { SourceError } from '../../schemas/source-error.ts';

export interface Choice<D> {
  deliveries: D[];
  /** `name: code` of every delivery left out. */
  setAside: string[];
}

export interface Judges<D> {
  /** A newer picture was landed on an earlier night (I4). */
  isOutdated(delivery: D): Promise<boolean>;
  /** Reads a delivery to its end. @throws SourceError where it cannot be read */
  probe(delivery: D): Promise<void>;
}

interface Named {
  complete: boolean;
  objects: readonly { name: string }[];
}

const named = (delivery: Named, code: string): string => `${delivery.objects.map((o) => o.name).join(' ')}: ${code}`;

async function faultOf<D>(delivery: D, probe: Judges<D>['probe']): Promise<SourceError | null> {
  try {
    await probe(delivery);
    return null;
  } catch (error) {
    if (error instanceof SourceError) return error;
    throw error;
  }
}

/**
 * @param deliveries oldest first
 * @throws SourceError of the first delivery that breaks and is not made good by a newer complete one
 */
export async function chooseDeliveries<D extends Named>(
  deliveries: readonly D[],
  judges: Judges<D>,
): Promise<Choice<D>> {
  if (deliveries.length < 2) return { deliveries: [...deliveries], setAside: [] };
  const choice: Choice<D> = { deliveries: [], setAside: [] };
  const current: D[] = [];
  for (const delivery of deliveries) {
    if (await judges.isOutdated(delivery)) choice.setAside.push(named(delivery, 'delivery-older-than-landed'));
    else current.push(delivery);
  }
  if (current.length === 0) return { deliveries: [...deliveries], setAside: [] };
  const faults: (SourceError | null)[] = [];
  for (const delivery of current) faults.push(await faultOf(delivery, judges.probe));
  const lastWhole = current.findLastIndex((delivery, place) => delivery.complete && faults[place] === null);
  for (const [place, delivery] of current.entries()) {
    const fault = faults[place] ?? null;
    if (fault === null) choice.deliveries.push(delivery);
    else if (place > lastWhole) throw fault;
    else choice.setAside.push(named(delivery, fault.code));
  }
  return choice;
}
