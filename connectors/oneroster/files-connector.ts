/**
 * OneRoster CSV bundles from an inbox: ZIPs, or folders of CSV files. One delivery per bundle, oldest first, as complete as its manifest says. Files
 * of a bundle leave together once it is landed.
 */
import type { SourceConfigOf } from '../../schemas/config.ts';
import { SourceError } from '../../schemas/source-error.ts';
import { bytesOf, once } from '../bytes.ts';
import type { Connector, Delivery, Part, RawObject, StoredObject } from '../contract.ts';
import type { ConnectorEnvironment } from '../environment.ts';
import { statWaiting } from '../files/future-files.ts';
import { type HeldFile, heldFile } from '../files/held-file.ts';
import { settleFiles } from '../files/inbox-parts.ts';
import { refuseIrregular } from '../files/irregular-entries.ts';
import { openInbox } from '../files/open-inbox.ts';
import { schoolCodeOf } from '../files/school-code.ts';
import { shownName } from '../files/shown-name.ts';
import { MAX_WORKBOOK_BYTES } from '../tables/limits.ts';
import { taipeiTime } from '../taipei-time.ts';
import { bundlesIn, partsIn } from './bundle/inbox-bundles.ts';
import { readManifest } from './bundle/manifest.ts';
import { openBundle } from './bundle/open-bundle.ts';
import { readBundle } from './bundle/read-bundle.ts';

type Config = SourceConfigOf<'oneroster-files'>;

interface Waiting {
  path: string;
  stamp: string | undefined;
  held: HeldFile | null;
}

export function openOneRosterFiles(config: Config, environment: ConnectorEnvironment): Connector {
  const inbox = openInbox(config, environment);

  /** What the manifest says; a bundle that cannot be read says nothing here, and reading it tells why. */
  async function isComplete(objects: Parameters<typeof openBundle>[0]): Promise<boolean> {
    try {
      return (await readManifest(await openBundle(objects))).complete;
    } catch (error) {
      if (error instanceof SourceError) return true;
      throw error;
    }
  }

  async function deliveryOf(files: readonly Waiting[]): Promise<Delivery> {
    let arrived = 0;
    const objects: (RawObject | StoredObject)[] = [];
    const peeked: Parameters<typeof openBundle>[0][number][] = [];
    for (const { path, stamp, held } of files) {
      if (held) {
        arrived = Math.max(arrived, held.arrived);
        peeked.push(held.object);
        objects.push(held.object);
        continue;
      }
      const name = nameOf(path);
      const found = await statWaiting(inbox, path, stamp, name);
      const zipped = !/\.csv$/i.test(path);
      const limit = zipped ? Math.min(config.maxBytes, MAX_WORKBOOK_BYTES) : config.maxBytes;
      if (found.bytes > limit) throw new SourceError('file-too-large', { file: name, bytes: found.bytes, limit });
      arrived = Math.max(arrived, found.arrived);
      const open = () => inbox.read(path, stamp);
      const whole = zipped ? await bytesOf({ body: open }) : null;
      peeked.push({ name, body: whole ? () => once(whole) : open });
      const mediaType = zipped ? 'application/zip' : 'text/csv';
      objects.push({ name, mediaType, body: whole ? once(whole) : open() });
    }
    const resumable = files.every(({ stamp }) => stamp !== undefined);
    const paths = files.map(({ path }) => path);
    return { files: paths, objects, complete: await isComplete(peeked), asOf: () => taipeiTime(arrived), resumable };
  }

  return {
    name: config.name,
    ...(inbox.look && { look: inbox.look }),
    discover: (ctx) => partsIn(inbox, config, ctx),

    async *fetch(part: Part, { signal }, remembered) {
      refuseIrregular(part);
      const waiting = part.files.map((path, i): Waiting => {
        return { path, stamp: part.stamps?.[i], held: heldFile(part, i, remembered) };
      });
      for (const [path, files] of bundlesIn(waiting)) {
        signal.throwIfAborted();
        if (part.source.includes('/unknown-')) throw conflict(path);
        yield await deliveryOf(files);
      }
    },

    async *read(delivery, { signal }, notes) {
      signal.throwIfAborted();
      const { source, asOf } = delivery;
      const bundle = await openBundle(delivery.objects);
      notes.file = bundle.file;
      const reading = {
        settings: config,
        source,
        signal,
        today: asOf.slice(0, 10),
        only: source.split('/')[1] ?? null,
        tally: new Map<string, number>(),
      };
      for await (const rows of readBundle(bundle, reading, notes)) {
        signal.throwIfAborted();
        yield rows;
      }
    },

    settle: (part) => settleFiles(inbox, part),
  };
}

/** For people: of a bundle's folder, for that is what was handed in, and of the file. */
const nameOf = (path: string): string =>
  path.includes('/') && /\.csv$/i.test(path)
    ? `${shownName(path.slice(0, path.lastIndexOf('/')))}/${shownName(path)}`
    : shownName(path);

function conflict(path: string): SourceError {
  const named = schoolCodeOf(/\.zip$/i.test(path) ? path : `${path}.zip`);
  const codes = named && 'conflict' in named ? named.conflict.join('、') : '-';
  return new SourceError('file-school-conflict', { file: shownName(path), codes });
}
