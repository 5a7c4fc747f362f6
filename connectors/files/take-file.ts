import { SourceError } from '../../schemas/source-error.ts';
import type { Delivery, Part, Remembered } from '../contract.ts';
import { taipeiTime } from '../taipei-time.ts';
import { statWaiting } from './future-files.ts';
import { heldFile } from './held-file.ts';
import type { InboxStore } from './inbox-store.ts';
import { shownName } from './shown-name.ts';

export interface TakenFile {
  /** All of a delivery but whether it is complete. Its moment is the file's arrival. */
  delivery: Omit<Delivery, 'complete'>;
  /** Its bytes, for whoever has to look into them before they are handed over. */
  open(): AsyncIterable<Uint8Array>;
}

/**
 * The n-th file of a part as a delivery of its own: as it lies in the inbox, or as an interrupted fetch of the same run kept it.
 * @throws SourceError `file-changed` (gone, or touched since it was found), `file-from-the-future`, `file-too-large`
 */
export async function takeFile(
  store: InboxStore,
  part: Part,
  nth: number,
  { maxBytes, mediaType = 'application/octet-stream' }: { maxBytes: number; mediaType?: string },
  remembered: Remembered | undefined,
): Promise<TakenFile> {
  const path = part.files[nth]!;
  const stamp = part.stamps?.[nth];
  const name = shownName(path);
  const held = heldFile(part, nth, remembered);
  const arrived = taipeiTime(held?.arrived ?? (await waiting(store, path, stamp, maxBytes)));
  const open = (): AsyncIterable<Uint8Array> => held?.object.body() ?? store.read(path, stamp);
  return {
    delivery: {
      files: [path],
      objects: [held?.object ?? { name, mediaType, body: open() }],
      asOf: () => arrived,
      resumable: stamp !== undefined,
    },
    open,
  };
}

/** When a file that waits arrived, milliseconds since 1970. */
async function waiting(store: InboxStore, path: string, stamp: string | undefined, limit: number): Promise<number> {
  const { bytes, arrived } = await statWaiting(store, path, stamp);
  if (bytes <= limit) return arrived;
  throw new SourceError('file-too-large', { file: shownName(path), bytes, limit });
}
