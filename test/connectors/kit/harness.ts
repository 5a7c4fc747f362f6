import type { Connector } from '../../../connectors/contract.ts';
import type { RawRow } from '../../../schemas/columns.ts';

/** The outer world of one connector, as far as the kit needs it. */
export interface StandIn {
  /** Opened against this world, as the registry opens it. */
  connector: Connector;
  /** One per record that the world holds, each once: an id, a name. Everybody is in service. */
  marks: readonly string[];
  /** Which record a row is about. A broken row still tells. */
  markOf(row: RawRow): string | undefined;
  /** Names of all fields of its records, as notes tell them: `staff.email`. */
  fields: readonly string[];
  /** What must show nowhere but in the values of rows: secrets, tokens, identifiers, names of people. */
  secrets: readonly string[];
  /** All that `discover` may not change: requests had, files and their times. */
  trace(): Promise<unknown>;
  /** The bytes that it handed out: bodies of answers (no tokens), files of an inbox. In any order. */
  sent(): Promise<readonly Uint8Array[]>;
  /** Breaks one record so that it can be told, but not be read. Returns its mark. */
  breakRow(): Promise<string>;
  /** One record comes twice. Returns its mark. */
  repeatRow(): Promise<string>;
  /** One record (of a table every one) gets a field of that name with the value `x`; where fields have no names, every one gets a value more. */
  addField(name: string): Promise<void>;
  /** Of a source for several schools: one record is of a school that is not among them. Returns its mark, as it is told now. */
  foreignRow?(): Promise<string>;
  /** Of JSON: a record becomes what `change` makes of it. Returns its mark. */
  changeItem?(change: (item: Readonly<Record<string, unknown>>) => unknown): Promise<string>;
  /** Of JSON: a field of text that a column is made of, as it is sent. */
  textField?: string;
  /** Of a server: every address that it was asked for, with its query. */
  asked?(): readonly string[];
  /** Of a server: the next request for data fails in a way that is over when it is asked again. */
  failOnce?(): void;
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
  /** Of which moment a picture is: what the source says or its file, or, where nobody says one, that of the run. */
  moment: 'source' | 'run';
  /** What is parsed as JSON brings `changeItem` and `textField`. */
  json: boolean;
  /** Fields are told by their places, nothing that is sent names them: a new one has no name either, and notes call it by its place. */
  unnamed?: true;
  /** What asks a server brings `asked` and `failOnce`. */
  server: boolean;
  /** What speaks for several schools, those that its configuration lists, brings `foreignRow`. */
  schools: boolean;
  /** A picture of a few records comes as several objects: pages (small ones, then), files of a bundle. */
  several: boolean;
  /** Originals leave once they were landed: files of an inbox. */
  leaves: boolean;
  /** Ways in which the whole source fails, and the SourceError code of each. */
  faults: Readonly<Record<string, string>>;
  /** The fault that shows that a picture which is not whole is refused: a total that is not reached, a cut file, an empty list. */
  notWhole: string;
  /** A world with that many records (7, or some 1,200), all well. */
  start(records: number): Promise<StandIn>;
}
