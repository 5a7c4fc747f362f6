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
}
