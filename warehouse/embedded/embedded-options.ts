/** What openEmbedded needs of a logger; a pino logger fits. */
export interface EmbeddedLog {
  info(message: string): void;
  warn(message: string): void;
}

/** PostgreSQL settings by name, as in postgresql.conf. */
export type ServerSettings = Readonly<Record<string, string | number>>;

export interface EmbeddedOptions {
  /** MINGCE_HOME; made when absent. */
  home: string;
  log: EmbeddedLog;
  /** Gives up waiting for the server; an opened database stays open. */
  signal?: AbortSignal;
  /** Milliseconds the server goes on after its last client left. Whoever starts the keeper decides. */
  lingerMs?: number;
  /** Added to the settings of the server, for tests. Whoever starts the keeper decides. */
  settings?: ServerSettings;
}

export interface EmbeddedDatabase {
  /** A URL that pg, knex and BullMQ accept. It holds the password: never log it. Stays valid over server restarts. */
  url: string;
  /** Leaves; the keeper stops the server some seconds after the last client left. End the pools first. */
  close(): Promise<void>;
}

/** Long enough for `mingce a && mingce b` to share a server, short enough that nobody wonders what still runs. */
export const DEFAULT_LINGER_MS = 5_000;
