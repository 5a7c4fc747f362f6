/**
 * The one shape every source takes. A connector never touches the database and keeps no state: it says what there is
 * (`discover`), hands over raw bytes as received (`fetch`) and turns stored raw bytes into rows (`read`). The pipeline keeps the
 * bytes between the two, so that a later replay reads exactly what came. Add a connector by listing it in `registry.ts`.
 */
import type { Logger } from 'pino';
import type { Column, RawRow } from '../schemas/columns.ts';
import type { ShapeField } from '../schemas/drift.ts';

export interface ConnectorContext {
  log: Logger;
  signal: AbortSignal;
  /** The run's moment, ISO with offset. A file counts when it arrived before it (strictly: 17:00:00 is out of a 17:00:00 run). */
  now: string;
  /** Told what is waited for, for a bar or a line. */
  progress?: (what: string, done: number, total: number | null) => void;
  /** What is known of files on servers, whose own times any client can set; there while a run looks what waits. */
  sights?: (source: string, files: readonly { path: string; stamp: string }[]) => Promise<Sight[]>;
}

/** When a file was first seen with the size and time that it has. */
export interface Sight {
  /** Milliseconds since 1970. */
  arrived: number;
  /** It arrived before the run's moment, or was first seen when the run looked for that moment. */
  counts: boolean;
  /** Milliseconds since it was first seen, by a real clock. */
  unchangedFor: number;
}

/** A source of a run: `care`, `roster/064601`. `drop` is the configured source it belongs to. */
export interface Part {
  source: string;
  drop: string;
  /** Files waiting, oldest first; empty for feeds. One inside an archive is `全市.zip//064601/名冊.csv`. */
  files: string[];
  /** What each of `files` was told by when discovered, same order: `settle` removes a file only if it is still the same. */
  stamps?: string[];
}

/** Bytes as received. `name` is for people (file name, `staff page 3`); never a personal value. */
export interface RawObject {
  name: string;
  mediaType: string;
  body: AsyncIterable<Uint8Array>;
}

/** Bytes taken back from the store, with what was known when they came. */
export interface StoredObject {
  name: string;
  mediaType: string;
  bytes: number;
  body(): AsyncIterable<Uint8Array>;
}

/** What the pipeline remembers of a source that it asks, since a connector keeps no state. */
export interface Remembered {
  /**
   * Objects of a resumable delivery that this same run began to fetch and could not end (killed, or to be tried again), in the order they
   * came. A connector that can go on behind them hands them over again as they are.
   */
  held: readonly StoredObject[];
  /** Of the newest picture that was landed; null before the first. */
  landed: LandedPicture | null;
}

export interface LandedPicture {
  asOf: string;
  /** Of the newest complete one. */
  completeAsOf: string | null;
  /** Changed records wait for another record of the source (R13): what changed since then would not bring them again. */
  waiting: boolean;
}

/**
 * One picture handed in: a file, or a whole page walk. `complete` true means who is not in it is missing;
 * false means silence says nothing. `asOf` orders pictures of one source: an older one never replaces a newer (I4).
 */
export interface Delivery {
  objects: (RawObject | StoredObject)[] | AsyncIterable<RawObject | StoredObject>;
  /** Which of the part's `files` it is made of: they stay in the inbox where it is not landed and nothing replaces it. */
  files?: string[];
  complete: boolean;
  /** Nothing of it says whether it is complete: the configuration does, and may do so otherwise when it is replayed. */
  completeByDefault?: boolean;
  /** Moment of the picture, ISO with offset: the feed's `asOf`, or the file's arrival. May be known only after the objects were fetched. */
  asOf: () => string;
  /** The objects are remembered as they come, and offered as `Remembered.held` if the fetch does not end. */
  resumable?: boolean;
}

export interface StoredDelivery {
  objects: StoredObject[];
  complete: boolean;
  asOf: string;
  /** The part's source name, `roster/064601`: a school may speak only for itself. */
  source: string;
}

/** What was found out about a delivery while reading, for the report: encoding guessed, sheet, header row, columns ignored. */
export interface ReadNotes {
  [key: string]: string | number | boolean | string[] | ShapeField[] | undefined;
  /** Every field or column that the delivery has, known or not: held against the source's contract. */
  fields?: ShapeField[];
}

/** A table as its sender laid it out, with some of its rows: what a correction file is made of. It holds personal data in full. */
export interface SentTable {
  /** Titles in order, as sent; '' where a column has none. */
  titles: string[];
  /** What we take each title for; null for those that we do not read. */
  columns: (Column | null)[];
  /** Line above the titles that tells the layout where titles do not; null where none does. */
  letterhead: string | null;
  /** Cells of the rows asked for, by row number. Those of a password column are empty. */
  rows: Map<number, string[]>;
}

export interface Connector {
  readonly name: string;
  /**
   * Each fetch tells what holds now (a system that is asked, a configured list that is looked up): bytes that came before mean that an earlier state holds again.
   * Left out where people send files: the same bytes may be an old file (I4).
   */
  readonly present?: true;
  /** Parts that have something to hand over at `ctx.now`; a feed always answers itself. @throws SourceError */
  discover(ctx: ConnectorContext): Promise<Part[]>;
  /** Sees what lies in an inbox on a server, between runs: there only where a file's arrival is our first sight of it. @throws SourceError */
  look?(ctx: ConnectorContext): Promise<void>;
  /** Deliveries of one part, oldest first. @throws SourceError when the source is down, refuses us or its completeness is not proven. */
  fetch(part: Part, ctx: ConnectorContext, remembered?: Remembered): AsyncIterable<Delivery>;
  /**
   * Rows of a delivery in batches of a few hundred to a few thousand. Every row read comes out exactly once, broken ones with their issues.
   * @throws SourceError when the structure is broken (unreadable, missing column, total does not add up): nothing of it is landed.
   */
  read(delivery: StoredDelivery, ctx: ConnectorContext, notes: ReadNotes): AsyncIterable<RawRow[]>;
  /**
   * Reads some rows of one object again, in the sender's own layout. Only where people send tables.
   * @param source whose it is, as in `StoredDelivery`. @param numbers rows, counted as in `RawRow.origin`. @throws SourceError
   */
  sentRows?(
    object: StoredObject,
    source: string,
    numbers: ReadonlySet<number>,
    ctx: ConnectorContext,
  ): Promise<SentTable>;
  /** Originals leave the inbox; called once their content is landed. Absent files are fine. */
  settle(part: Part): Promise<void>;
}
