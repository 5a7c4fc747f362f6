import type { OpenSink } from '../../../warehouse/snapshot-file-sink.ts';
import { asBytes } from '../as-bytes.ts';
import type { Exporter } from './exporter.ts';

/** A file of one line a row, UTF-8. @param head what comes before the first row. @param lineOf the bytes of a line, a character each (`as-bytes.ts`) */
export function textExporter<Row>(
  open: OpenSink,
  path: string,
  head: string,
  lineOf: (row: Row) => string,
): Exporter<Row> {
  const sink = open(path);
  let rows = 0;
  let pending = asBytes(head);
  return {
    path,
    rows: async (block) => {
      let text = pending;
      for (const row of block) text += lineOf(row);
      pending = '';
      rows += block.length;
      await sink.write(Buffer.from(text, 'latin1'));
    },
    end: async () => {
      if (pending !== '') await sink.write(Buffer.from(pending, 'latin1'));
      return { file: await sink.end(), rows };
    },
    abandon: () => sink.abandon(),
  };
}
