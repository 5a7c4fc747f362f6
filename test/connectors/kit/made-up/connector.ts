/** The print lies in a folder, one file that the payroll system writes anew: a feed, so it stays there. */
import { isUtf8 } from 'node:buffer';
import { bytesOf, once } from '../../../../connectors/bytes.ts';
import type { Connector } from '../../../../connectors/contract.ts';
import { readFileOnce, statFile } from '../../../../connectors/files/inbox.ts';
import { ShapeCollector } from '../../../../connectors/json-shape.ts';
import { refuseMomentAhead } from '../../../../connectors/moment-ahead.ts';
import { SourceError } from '../../../../schemas/source-error.ts';
import { toRow } from './adapter.ts';
import { parsePrint } from './wire.ts';

const FILE = 'payroll.txt';
const MAX_BYTES = 8 * 1024 * 1024;

export function openPayrollPrint({ name, folder }: { name: string; folder: string }): Connector {
  const parse = (bytes: Buffer) => {
    if (!isUtf8(bytes)) throw new SourceError('file-header-missing', { file: FILE });
    return parsePrint(bytes.toString('utf8'), FILE);
  };
  return {
    name,
    discover: async () => [{ source: name, drop: name, files: [] }],

    async *fetch(_part, { signal, now }) {
      signal.throwIfAborted();
      const found = await statFile(folder, FILE);
      if (!found) throw new SourceError('list-missing', { path: FILE });
      if (found.bytes > MAX_BYTES)
        throw new SourceError('file-too-large', { file: FILE, bytes: found.bytes, limit: MAX_BYTES });
      const bytes = await bytesOf({ body: () => readFileOnce(folder, FILE, found.stamp) });
      const { asOf } = parse(bytes);
      refuseMomentAhead(asOf, now, name);
      yield {
        objects: [{ name: FILE, mediaType: 'text/plain', body: once(bytes) }],
        complete: true,
        asOf: () => asOf,
      };
    },

    async *read({ objects }, { signal }, notes) {
      signal.throwIfAborted();
      const shape = new ShapeCollector();
      for (const [object, stored] of objects.entries()) {
        const { blocks, asOf } = parse(await bytesOf(stored));
        if (blocks.length === 0) throw new SourceError('api-empty', { source: name, what: '人員' });
        yield blocks.map((block) => toRow(block, { object, row: block.line }, shape));
        notes.asOf = asOf;
      }
      notes.fields = shape.fields();
    },

    settle: async () => {},
  };
}
