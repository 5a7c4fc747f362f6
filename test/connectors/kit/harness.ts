import type { Connector } from '../../../connectors/contract.ts';
import type { RawRow } from '../../../schemas/columns.ts';

/** The outer world of one connector, as far as the kit needs it. */
export interface StandIn {
  /** Opened against this world, as the registry opens it. */
  connector: Connector;
  /** One per record that the world holds, each once: an id, a name. */
  marks: readonly string[];
  /** Which record a row is about. A broken row still tells. */
  markOf(row: RawRow): string | undefined;
  /** What must show nowhere but in the values of rows: secrets, tokens, identifiers, names of people. */
  secrets: readonly string[];
  /** All that `discover` may not change: requests had, files and their times. */
  trace(): Promise<unknown>;
  /** Breaks one record so that it can be told, but not be read. Returns its mark. */
  breakRow(): Promise<string>;
  /** From now on the world fails in one of the named ways. */
  fail(fault: string): Promise<void>;
  close(): Promise<void>;
}

/** What a connector brings to be held to the contract. A new one is listed in `conformance.test.ts`. */
export interface Harness {
  /** `type` of the configuration. */
  type: string;
  /** Where one type comes in several forms. */
  variant?: string;
  /** Whether its pictures say who is missing. */
  complete: boolean;
  /** Originals leave once they were landed: files of an inbox. */
  leaves: boolean;
  /** Ways in which the whole source fails, and the SourceError code of each. */
  faults: Readonly<Record<string, string>>;
  /** A world with that many records, all well. */
  start(records: number): Promise<StandIn>;
}
