/**
 * The rehearsal of the nights before the 113 cut-off, and of as many ordinary nights after it as its clocks reach: the stand-in care system and the
 * schools' files, for one clock after the other. Everything follows from (seed, clock), so a rehearsal that was interrupted goes on as if it had not been.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceConfig } from '../schemas/config.ts';
import { type ServedWalk, type StandIn, type StandInOptions, startStandIn } from './care-system/server.ts';
import { exclusively } from './exclusive.ts';
import { deliver, deliveries } from './inbox/deliver.ts';
import type { Delivery } from './inbox/roster-deliveries.ts';
import { nightTruth } from './truth/night-truth.ts';
import type { NightTruth } from './truth/night-truth-shape.ts';
import { type Chronicle, openChronicle } from './world/chronicle.ts';
import { AFTER_NIGHT, instant, nightAt, nightOf } from './world/clocks.ts';
import type { Reference } from './world/reference.ts';

export interface RehearsalOptions {
  seed: number | string;
  /** Data folder (MINGCE_HOME): files arrive in `<home>/inbox/{roster,accounts}`. */
  home: string;
  /** Clocks of the rehearsal, in order. */
  clocks: readonly string[];
  /** Another city than the whole one. */
  reference?: Reference;
  rateLimit?: StandInOptions['rateLimit'];
}

export interface Rehearsal {
  readonly chronicle: Chronicle;
  /** The stand-in's client secret, for the environment of the run. */
  readonly secret: string;
  /** The sources with the care system's address replaced by the stand-in's for this clock; starts it on first use. */
  sourcesAt(clock: string, sources: readonly SourceConfig[]): Promise<SourceConfig[]>;
  /** Files that arrive up to this clock, those of earlier clocks first where they were never deposited. Done once per clock, also by several processes. */
  deposit(clock: string): Promise<void>;
  /** What a night brings, from the generator's own books. */
  truth(clock: string): NightTruth;
  /** What the stand-in has served so far. */
  walks(): readonly ServedWalk[];
  close(): Promise<void>;
}

const safeName = (clock: string): string => clock.replaceAll(/[^0-9A-Za-z]/g, '-');

async function exists(file: string): Promise<boolean> {
  return readFile(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}

/** Files that arrive after `after` and not after `until`. Files of a night arrive between the clock before it and its own. */
function arriving(chronicle: Chronicle, after: number, until: number): Delivery[] {
  const nights = Array.from({ length: chronicle.last + 1 }, (_, index) => index).filter((index) => {
    const opens = index === 0 ? Number.NEGATIVE_INFINITY : instant(nightOf(index - 1).clock);
    return instant(nightOf(index).clock) > after && opens <= until;
  });
  return nights
    .flatMap((index) => deliveries(chronicle, index))
    .filter(({ arrival }) => instant(arrival) > after && instant(arrival) <= until);
}

export function openRehearsal(options: RehearsalOptions): Rehearsal {
  const { seed, home, clocks } = options;
  const secret = createHash('sha256').update(`stand-in care system ${seed}`).digest('hex').slice(0, 40);
  const books = join(home, 'rehearsal');
  let chronicle: Chronicle | undefined;
  let standIn: Promise<StandIn> | undefined;
  let running: StandIn | undefined;
  const world = (): Chronicle => {
    // After the last clock nothing more happens, however much later a run speaks for.
    const last = Math.max(AFTER_NIGHT, ...clocks.map(nightAt));
    chronicle ??= openChronicle(seed, { last, ...(options.reference && { reference: options.reference }) });
    return chronicle;
  };
  const serve = (clientId: string): Promise<StandIn> => {
    const { rateLimit } = options;
    const base = { chronicle: world(), clientId, secret, port: 0, clock: clocks[0] ?? '2024-07-30T02:00:00+08:00' };
    standIn ??= startStandIn(rateLimit ? { ...base, rateLimit } : base).then((started) => {
      running = started;
      return started;
    });
    return standIn;
  };

  return {
    get chronicle() {
      return world();
    },
    secret,
    async sourcesAt(clock, sources) {
      return Promise.all(
        sources.map(async (source) =>
          source.type === 'care-system' ? { ...source, url: (await serve(source.clientId)).urlAt(clock) } : source,
        ),
      );
    },
    async deposit(clock) {
      const due = [...new Set([...clocks, clock])]
        .filter((one) => instant(one) <= instant(clock))
        .sort((a, b) => instant(a) - instant(b));
      await mkdir(books, { recursive: true, mode: 0o700 });
      // Another process of this home may be at it: whoever comes second finds the markers, and every file in place.
      await exclusively(join(books, 'deposit.lock'), async () => {
        let after = Number.NEGATIVE_INFINITY;
        for (const one of due) {
          const marker = join(books, `deposited-${safeName(one)}`);
          if (!(await exists(marker))) {
            const list = arriving(world(), after, instant(one));
            await deliver(list, join(home, 'inbox'), join(books, 'work'));
            await writeFile(`${marker}.part`, `${list.length} files\n`);
            await rename(`${marker}.part`, marker);
          }
          after = instant(one);
        }
      });
    },
    truth: (clock) => nightTruth(world(), clock),
    walks: () => running?.walks() ?? [],
    async close() {
      await (await standIn)?.close();
    },
  };
}
