import type { Consumer } from '../../schemas/consumers.ts';
import type { AskedFetch, FetchVerdict } from '../../warehouse/consumer-fetches.ts';
import type { ServerDependencies } from '../server.ts';
import type { Bodies } from './bodies.ts';
import type { Deltas } from './deltas.ts';
import type { KnownFiles } from './known-files.ts';

/** What every handler of the API is handed. */
export interface ApiContext extends ServerDependencies {
  /** The moment, ISO. */
  now(): string;
  bodies: Bodies;
  deltas: Deltas;
  fileOf: KnownFiles;
  /** Whose a token is, and null where it does not count: of all who ask at the same time together. */
  consumerOf(token: string): Promise<Consumer | null>;
  /** Writes down what is about to leave, where it may. */
  addFetch(fetch: AskedFetch): Promise<FetchVerdict>;
}
