/** Lists of a time clock in an inbox, put there by each school: one part a school, one delivery a file, complete. */
import { bytesOf } from '../../../../connectors/bytes.ts';
import type { Connector } from '../../../../connectors/contract.ts';
import type { ConnectorEnvironment } from '../../../../connectors/environment.ts';
import { partsOf, refuseUnknown, settleFiles, sourceByPath } from '../../../../connectors/files/inbox-parts.ts';
import { refuseIrregular } from '../../../../connectors/files/irregular-entries.ts';
import { openInbox } from '../../../../connectors/files/open-inbox.ts';
import { takeFile } from '../../../../connectors/files/take-file.ts';
import { ShapeCollector } from '../../../../connectors/json-shape.ts';
import { toRow } from './adapter.ts';
import { parseClock, usualWidth } from './wire.ts';

export interface ClockConfig {
  name: string;
  inbox: string;
  maxBytes: number;
  stableSeconds: number;
}

const BATCH = 1000;

export function openClockFiles(config: ClockConfig, environment: ConnectorEnvironment): Connector {
  const { name } = config;
  const inbox = openInbox(config, environment);
  return {
    name,
    ...(inbox.look && { look: inbox.look }),
    discover: (ctx) => partsOf(inbox, name, ctx, ({ path }) => sourceByPath(name, path)),

    async *fetch(part, { signal }, remembered) {
      refuseIrregular(part);
      for (const [i, path] of part.files.entries()) {
        signal.throwIfAborted();
        const { delivery } = await takeFile(inbox, part, i, config, remembered);
        refuseUnknown(part, path);
        yield { ...delivery, complete: true };
      }
    },

    async *read({ objects, source }, { signal }, notes) {
      const school = source.slice(name.length + 1);
      const shape = new ShapeCollector();
      for (const [object, stored] of objects.entries()) {
        const lines = parseClock(await bytesOf(stored), stored.name, school);
        const width = usualWidth(lines);
        for (let at = 0; at < lines.length; at += BATCH) {
          signal.throwIfAborted();
          yield lines.slice(at, at + BATCH).map((line) => toRow(line, width, school, object, shape));
        }
      }
      notes.fields = shape.fields();
    },

    settle: (part) => settleFiles(inbox, part),
  };
}
