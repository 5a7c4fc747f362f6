import type { SourceConfig } from './config.ts';

/** Where people send tables: what of them was not taken can go back to them as a correction file. */
export const TABLE_SOURCES: ReadonlySet<SourceConfig['type']> = new Set([
  'roster-files',
  'account-files',
  'course-files',
]);
