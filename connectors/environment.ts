import type { Pause } from './files/settled-files.ts';
import type { ParserPool } from './tables/sandbox/parser-pool.ts';

/** What a connector is given beside its configuration: where relative paths start, a way to ask for a secret by name, and who reads untrusted files. */
export interface ConnectorEnvironment {
  /** MINGCE_HOME: inboxes are relative to it. */
  home: string;
  /** Folder of the configuration file: lists are relative to it. */
  configDir: string;
  /** Value of a secret. It throws for one that is not set: configuration is checked when a connector is opened, not at two in the morning. */
  secrets: (name: string) => string;
  /**
   * The moment of this machine, milliseconds since 1970; null in a rehearsal, whose moments are not this machine's. It decides what is a file's arrival,
   * whether that lies in the future, and whether somebody may still be writing it.
   */
  machineClock: (() => number) | null;
  /** How to wait for a file that may still be written; left out: by this machine's clock. */
  pause?: Pause;
  /** Who reads workbooks. Opened and closed by the process root. */
  parsers: ParserPool;
}
