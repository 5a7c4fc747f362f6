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
   * The moment of this machine, milliseconds since 1970; null in a rehearsal, whose moments are not this machine's. It decides which of a file's times
   * is its arrival, and whether that lies in the future.
   */
  machineClock: (() => number) | null;
  /** Who reads workbooks. Opened and closed by the process root. */
  parsers: ParserPool;
}
