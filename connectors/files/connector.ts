/**
 * Files that schools hand in: rosters and business accounts. One part per school, so that one school's broken file stops nobody
 * else; one delivery per file, oldest first. The files themselves are the state: what is landed is removed, what is not stays.
 */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { SourceConfigOf } from '../../schemas/config.ts';
import type { RecordKind } from '../../schemas/records.ts';
import { SourceError } from '../../schemas/source-error.ts';
import type { Connector, ConnectorContext, Delivery, Part } from '../contract.ts';
import type { ConnectorEnvironment } from '../environment.ts';
import { taipeiTime } from '../taipei-time.ts';
import { type InboxFile, listInbox, readFileOnce, removeUnchanged, statFile } from './inbox.ts';
import { peek } from './peek.ts';
import { readRows } from './read-rows.ts';
import { schoolCodeOf } from './school-code.ts';
import { shownName } from './shown-name.ts';
import type { Wanted } from './table-head.ts';
import { titleIndex } from './title-index.ts';

export type FileSourceConfig = SourceConfigOf<'roster-files'> | SourceConfigOf<'account-files'>;

const KINDS = { 'roster-files': 'staff', 'account-files': 'account' } as const satisfies Record<string, RecordKind>;

export function openFiles(config: FileSourceConfig, { home, parsers }: ConnectorEnvironment): Connector {
  const inbox = resolve(home, config.inbox);
  const wanted: Wanted = { kind: KINDS[config.type], titles: titleIndex(KINDS[config.type]) };
  const peekAt = (path: string, { signal }: ConnectorContext) =>
    peek(readFileOnce(inbox, path, undefined), path, wanted, { parsers, signal });

  const sourceOf = async ({ path, bytes }: InboxFile, ctx: ConnectorContext): Promise<string> => {
    const named = schoolCodeOf(path);
    if (named && 'code' in named) return `${config.name}/${named.code}`;
    const code = named || bytes > config.maxBytes ? null : (await peekAt(path, ctx)).code;
    return `${config.name}/${code ?? `unknown-${createHash('sha256').update(path).digest('hex').slice(0, 8)}`}`;
  };

  return {
    name: config.name,

    async discover(ctx) {
      const parts = new Map<string, Required<Part>>();
      for (const file of await listInbox(inbox, Date.parse(ctx.now))) {
        ctx.signal.throwIfAborted();
        const source = await sourceOf(file, ctx);
        const part = parts.get(source) ?? { source, drop: config.name, files: [], stamps: [] };
        part.files.push(file.path);
        part.stamps.push(file.stamp);
        parts.set(source, part);
      }
      return [...parts.values()];
    },

    async *fetch(part: Part, ctx: ConnectorContext): AsyncGenerator<Delivery> {
      for (const [i, path] of part.files.entries()) {
        ctx.signal.throwIfAborted();
        const file = await statFile(inbox, path);
        if (!file) throw new SourceError('file-changed', { file: shownName(path) }, { retryable: true });
        if (file.bytes > config.maxBytes) {
          throw new SourceError('file-too-large', { file: shownName(path), bytes: file.bytes, limit: config.maxBytes });
        }
        if (part.source.includes('/unknown-')) throw unknownSchool(path);
        const { complete } = await peekAt(path, ctx);
        const arrived = taipeiTime(file.arrived);
        yield {
          objects: [
            {
              name: shownName(path),
              mediaType: 'application/octet-stream',
              body: readFileOnce(inbox, path, part.stamps?.[i]),
            },
          ],
          complete: complete ?? config.complete,
          asOf: () => arrived,
        };
      }
    },

    async *read(delivery, ctx, notes) {
      const code = delivery.source.slice(delivery.source.indexOf('/') + 1);
      const defaults = { institutionCode: code };
      for (const [object, stored] of delivery.objects.entries()) {
        const { signal } = ctx;
        const reading = { ...wanted, object, defaults, complete: delivery.complete, parsers, signal };
        for await (const rows of readRows(stored, reading, notes)) {
          ctx.signal.throwIfAborted();
          yield rows;
        }
      }
    },

    async settle(part) {
      for (const [i, path] of part.files.entries()) {
        const stamp = part.stamps?.[i];
        if (stamp !== undefined) await removeUnchanged(inbox, path, stamp);
      }
    },
  };
}

/** Nobody to ask: neither folder, name nor content says which school speaks; or they say two. */
function unknownSchool(path: string): SourceError {
  const named = schoolCodeOf(path);
  const file = shownName(path);
  return named && 'conflict' in named
    ? new SourceError('file-school-conflict', { file, codes: named.conflict.join('、') })
    : new SourceError('file-school-unknown', { file });
}
