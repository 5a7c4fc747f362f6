/**
 * The care system's public map answer, saved as files: one district a file, one part a district, complete for its district. It has no moment of
 * its own, so the file's arrival counts; and no status, so a kindergarten that is gone from it is "no longer listed", never closed.
 */
import type { SourceConfigOf } from '../../schemas/config.ts';
import { SourceError } from '../../schemas/source-error.ts';
import { bytesOf } from '../bytes.ts';
import type { Connector } from '../contract.ts';
import type { ConnectorEnvironment } from '../environment.ts';
import { partsOf, settleFiles, unknownSource } from '../files/inbox-parts.ts';
import type { InboxFile } from '../files/inbox-store.ts';
import { refuseIrregular } from '../files/irregular-entries.ts';
import { openInbox } from '../files/open-inbox.ts';
import { shownName } from '../files/shown-name.ts';
import { takeFile } from '../files/take-file.ts';
import { ShapeCollector } from '../json-shape.ts';
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
      if (bytes > config.maxBytes) throw new SourceError('file-too-large', { file, bytes, limit: config.maxBytes });
      const items = parseMap(await bytesOf({ body: () => inbox.read(path, stamp) }), file);
      return `${config.name}/${districtOf(items, file)}`;
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      return unknownSource(config.name, path);
    }
  };

  return {
    name: config.name,
    ...(inbox.look && { look: inbox.look }),

    discover: (ctx) => partsOf(inbox, config.name, ctx, sourceOf),

    async *fetch(part, ctx, remembered) {
      refuseIrregular(part);
      const options = { maxBytes: config.maxBytes, mediaType: 'application/json' };
      for (const i of part.files.keys()) {
        ctx.signal.throwIfAborted();
        const { delivery } = await takeFile(inbox, part, i, options, remembered);
        yield { ...delivery, complete: true };
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

    settle: (part) => settleFiles(inbox, part),
  };
}
