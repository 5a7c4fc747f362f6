import { ExpectedError } from '../schemas/expected-error.ts';

/** A stored file that no longer opens or inflates: the key is another, or bytes were changed. */
export class StoredFileError extends ExpectedError {
  override readonly name = 'StoredFileError';

  constructor(id: string, path: string, cause: unknown) {
    super(`${path} of snapshot ${id} does not open with this installation's key, or was changed`, { cause });
  }
}

/** @throws StoredFileError where it does not open */
export function opened<T>(id: string, path: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    throw new StoredFileError(id, path, error);
  }
}
