/**
 * The care system's public map answer, saved as files: one district a file, one part a district, complete for its district. It has no moment of
 * its own, so the file's arrival counts; and no status, so a kindergarten that is gone from it is "no longer listed", never closed.
 */
import { createHash } from 'node:crypto';
import type { SourceConfigOf } from '../../schemas/config.ts';
import { SourceError } from '../../schemas/source-error.ts';
import { bytesOf } from '../bytes.ts';
import type { Connector, Part } from '../contract.ts';
import type { ConnectorEnvironment } from '../environment.ts';
import { statWaiting } from '../files/future-files.ts';
import { heldFile } from '../files/held-file.ts';
import type { InboxFile } from '../files/inbox-store.ts';
import { irregularParts, refuseIrregular } from '../files/irregular-entries.ts';
import { openInbox } from '../files/open-inbox.ts';
import { shownName } from '../files/shown-name.ts';
import { ShapeCollector } from '../json-shape.ts';
import { taipeiTime } from '../taipei-time.ts';
import { toRow } from './adapter.ts';
import { districtInName, districtName, districtOf } from './districts.ts';
import { parseMap } from './wire.ts';

export function openKindergartenMap(
  config: SourceConfigOf<'kindergarten-map'>,
  environment: ConnectorEnvironment,
): Connector {
  const inbox = openInbox(config, environment);

  /** By name, else by content. What cannot be read speaks for no district: its own part fails and tells why, and the others go on. */
  const sourceOf = async ({ path, bytes, stamp }: InboxFile): Promise<string> => {
    const named = districtInName(path);
    if (named !== null) return `${config.name}/${named}`;
    try {
      const file = shownName(path);
      if (bytes > config.maxBytes) throw tooLarge(file, bytes, config.maxBytes);
      const items = parseMap(await bytesOf({ body: () => inbox.read(path, stamp) }), file);
      return `${config.name}/${districtOf(items, file)}`;
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      return `${config.name}/unknown-${createHash('sha256').update(path).digest('hex').slice(0, 8)}`;
    }
  };

  /** A file that waits, as it lies there now. @throws SourceError where it is gone, or more than is taken */
  const waiting = async (path: string, stamp: string | undefined, name: string): Promise<InboxFile> => {
    const file = await statWaiting(inbox, path, stamp);
    if (file.bytes > config.maxBytes) throw tooLarge(name, file.bytes, config.maxBytes);
    return file;
  };

  return {
    name: config.name,
    ...(inbox.look && { look: inbox.look }),

    async discover(ctx) {
      const parts = new Map<string, Required<Part>>();
      const { files, irregular } = await inbox.list(ctx);
      for (const file of files) {
        ctx.signal.throwIfAborted();
        const source = await sourceOf(file);
        const part = parts.get(source) ?? { source, drop: config.name, files: [], stamps: [] };
        part.files.push(file.path);
        part.stamps.push(file.stamp);
        parts.set(source, part);
      }
      return [...parts.values(), ...irregularParts(config.name, irregular)];
    },

    async *fetch(part, ctx, remembered) {
      refuseIrregular(part);
      for (const [i, path] of part.files.entries()) {
        ctx.signal.throwIfAborted();
        const name = shownName(path);
        const stamp = part.stamps?.[i];
        const held = heldFile(part, i, remembered);
        const arrived = taipeiTime(held?.arrived ?? (await waiting(path, stamp, name)).arrived);
        yield {
          files: [path],
          objects: [held?.object ?? { name, mediaType: 'application/json', body: inbox.read(path, stamp) }],
          complete: true,
          asOf: () => arrived,
          resumable: stamp !== undefined,
        };
      }
    },

    async *read(delivery, { signal }, notes) {
      const shape = new ShapeCollector();
      for (const [object, stored] of delivery.objects.entries()) {
        signal.throwIfAborted();
        const items = parseMap(await bytesOf(stored), stored.name);
        const postalCode = districtOf(items, stored.name);
        const named = delivery.source.slice(delivery.source.indexOf('/') + 1);
        if (named !== postalCode)
          throw new SourceError('map-district-conflict', { file: stored.name, named, held: postalCode });
        const district = districtName(postalCode);
        notes.file = stored.name;
        notes.district = `${postalCode} ${district}`.trim();
        yield items.map((item, i) => toRow(item, district, { object, row: i + 1 }, shape));
      }
      notes.fields = shape.fields();
    },

    async settle(part) {
      for (const [i, path] of part.files.entries()) {
        const stamp = part.stamps?.[i];
        if (stamp !== undefined) await inbox.remove(path, stamp);
      }
    },
  };
}

const tooLarge = (file: string, bytes: number, limit: number): SourceError =>
  new SourceError('file-too-large', { file, bytes, limit });
