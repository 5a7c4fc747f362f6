import { connectionUrl, DATABASE } from './connection-url.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { errorCode } from './error-code.ts';
import { whenItAnswers } from './when-it-answers.ts';

const WRONG_PASSWORD = '28P01';

export interface DatabaseOrder {
  run: string;
  password: string;
  passwordFile: string;
  /** Aborted when the server is no more. */
  signal: AbortSignal;
}

/** Makes the database `mingce` when the cluster has none; proves on the way that the password opens the server. */
export async function ensureDatabase({ run, password, passwordFile, signal }: DatabaseOrder): Promise<void> {
  try {
    await whenItAnswers(connectionUrl(run, password, 'postgres'), signal, async (client) => {
      const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
      if (rowCount === 0) await client.query(`create database ${DATABASE}`);
    });
  } catch (error) {
    if (errorCode(error) !== WRONG_PASSWORD) throw error;
    throw new EmbeddedPostgresError(
      `The embedded PostgreSQL refuses the password in ${passwordFile}: the file is not the one its data was made with. ` +
        'Put the right file back, or move the data folder beside it away to begin with an empty database.',
      { cause: error },
    );
  }
}
