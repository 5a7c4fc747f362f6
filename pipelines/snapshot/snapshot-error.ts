import { ExpectedError } from '../../schemas/expected-error.ts';
export const SNAPSHOT_ERRORS = [
  'unknown-campaign',
  'unknown-snapshot',
  'no-applied-run',
  'moment-in-future',
  'cut-off-not-closed',
  'approval-needed',
  'nothing-to-correct',
  'check-failed',
  'folder-not-empty',
  'not-a-folder',
  'unknown-institution',
  'different-kinds',
  'different-columns',
  'no-json-lines',
  'no-entities',
  'too-different',
] as const;
export type SnapshotErrorCode = (typeof SNAPSHOT_ERRORS)[number];

/** A snapshot that cannot be made, found or handed out; nothing was stored. The message says what was given, what was expected and what to do. */
export class SnapshotError extends ExpectedError {
  override readonly name = 'SnapshotError';
  readonly code: SnapshotErrorCode;

  constructor(code: SnapshotErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
