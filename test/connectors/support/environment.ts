import { afterAll } from 'vitest';
import type { ConnectorEnvironment } from '../../../connectors/environment.ts';
import { openParserPool } from '../../../connectors/tables/sandbox/parser-pool.ts';

/** One pool for all tests of a file; its children start with the first workbook and are gone after the last test. */
const parsers = openParserPool();
afterAll(() => parsers.close());

/** What a connector is given: both folders are `path`. */
export const environmentAt = (path: string, secret = ''): ConnectorEnvironment => ({
  home: path,
  configDir: path,
  secrets: () => secret,
  machineClock: null,
  parsers,
});
