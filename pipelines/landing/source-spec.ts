import type { Connector, Part } from '../../connectors/contract.ts';
import type { ContractModes } from '../../schemas/drift.ts';
import type { RecordKind } from '../../schemas/records.ts';
import type { SourceClaim } from '../../warehouse/fence.ts';

/** A configured source: its connector and what its rows are. */
export interface SourceSpec {
  connector: Connector;
  path: 'school' | 'kindergarten' | 'list';
  /** Kinds of record it speaks for; a complete picture makes others of these kinds missing. Institutions come first (R14). */
  kinds: readonly RecordKind[];
  /** Known states of courses, as configured. */
  courseStates?: readonly string[];
  /** What its shape may do; everything where it is left out. */
  contract?: ContractModes;
  /** What of the configuration decides how bytes of a part of it are read; only equality matters. */
  reading?: (source: string) => unknown;
  /** Folder that receipts are written to, one folder per school in it; null where nobody hands in files. */
  receipts?: string | null;
  /** Whether a delivery lists everybody where nothing of it says so. */
  complete?: boolean;
  /** Something new is expected at least so often. */
  expectEveryDays?: number | null;
}

export interface ClaimedPart {
  claim: SourceClaim;
  part: Part;
  /** The kept pictures are read again; nothing is fetched. */
  replay?: boolean;
}
