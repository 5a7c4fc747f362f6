/** What a test and its reader say to each other. */
import type { PlanKind } from '../../../schemas/campaign.ts';

export interface ReaderOrder {
  url: string;
  /** base64 of the installation's key. */
  key: string;
  /** ISO moment at which the API is asked. */
  now: string;
  /** Opens the API for `kind`. */
  token: string;
  kind: PlanKind;
  /** Whose folders are exports. */
  folders: readonly string[];
}

export interface Turn {
  /** What was neither absent nor whole. */
  wrong: string[];
  /** The database did not answer. */
  down: boolean;
  /** How many verified so far. */
  seen: { stored: number; answered: number; exported: number };
}

/** Begins the name of a folder that was there, and empty, before the export. */
export const GIVEN = 'given-';
