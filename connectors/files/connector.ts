/**
 * Files that schools hand in: rosters and business accounts. One part per school, so that one school's broken file stops nobody
 * else; one delivery per file, oldest first. The files themselves are the state: what is landed is removed, what is not stays. A run that is taken up
 * again does not read a file that it kept before from the inbox once more.
 */
import type { RosterProfile, SourceConfigOf } from '../../schemas/config.ts';
import type { RecordKind } from '../../schemas/records.ts';
import { SourceError } from '../../schemas/source-error.ts';
import type { Connector, ConnectorContext, Delivery, Part } from '../contract.ts';
import type { ConnectorEnvironment } from '../environment.ts';
import { withArchives } from './archive-inbox.ts';
import { partsOf, refuseUnknown, settleFiles, unknownSource } from './inbox-parts.ts';
import type { InboxFile } from './inbox-store.ts';
import { refuseIrregular } from './irregular-entries.ts';
import type { Letterhead } from './letterhead.ts';
import { openInbox } from './open-inbox.ts';
import { peek } from './peek.ts';
import { readRows } from './read-rows.ts';
import { schoolCodeOf } from './school-code.ts';
import { sentRows } from './sent-rows.ts';
import type { Wanted } from './table-head.ts';
import { takeFile } from './take-file.ts';
import { type ColumnMapping, titleIndex } from './title-index.ts';

export type FileSourceConfig = SourceConfigOf<keyof typeof KINDS>;

const KINDS = {
  'roster-files': 'staff',
  'account-files': 'account',
  'course-files': 'course',
} as const satisfies Record<string, RecordKind>;

export function openFiles(config: FileSourceConfig, environment: ConnectorEnvironment): Connector {
  const store = withArchives(openInbox(config, environment));
  const wantedOf = wantedOfSchools(config);
  const { parsers } = environment;
  const peekAt = (
    path: string,
    code: string | null,
    { signal }: ConnectorContext,
    body: AsyncIterable<Uint8Array>,
  ): Promise<Letterhead> => peek(body, path, wantedOf(code), { parsers, signal });

  const sourceOf = async ({ path, bytes, stamp }: InboxFile, ctx: ConnectorContext): Promise<string> => {
    const named = schoolCodeOf(path);
    if (named && 'code' in named) return `${config.name}/${named.code}`;
    const peeked = named || bytes > config.maxBytes ? null : peekAt(path, null, ctx, store.read(path, stamp));
    const code = await peeked?.then(
      (head) => head.code,
      // Still being written: whoever fetches it tells so, and the next run takes it.
      (error: unknown) => {
        if (error instanceof SourceError && error.code === 'file-changed') return null;
        throw error;
      },
    );
    return code === null || code === undefined ? unknownSource(config.name, path) : `${config.name}/${code}`;
  };

  return {
    name: config.name,
    ...(store.look && { look: store.look }),

    discover: (ctx) => partsOf(store, config.name, ctx, (file) => sourceOf(file, ctx)),

    async *fetch(part: Part, ctx: ConnectorContext, remembered): AsyncGenerator<Delivery> {
      refuseIrregular(part);
      for (const [i, path] of part.files.entries()) {
        ctx.signal.throwIfAborted();
        const { delivery, open } = await takeFile(store, part, i, config, remembered);
        refuseUnknown(part, path);
        const { complete } = await peekAt(path, codeOf(part.source), ctx, open());
        const said = saysComplete(path, complete);
        yield { ...delivery, complete: said ?? config.complete, completeByDefault: said === null };
      }
    },

    async *read(delivery, ctx, notes) {
      const code = codeOf(delivery.source);
      const defaults = { institutionCode: code };
      for (const [object, stored] of delivery.objects.entries()) {
        const { signal } = ctx;
        const reading = { ...wantedOf(code), object, defaults, complete: delivery.complete, parsers, signal };
        for await (const rows of readRows(stored, reading, notes)) {
          ctx.signal.throwIfAborted();
          yield rows;
        }
      }
    },

    sentRows: (object, source, numbers, { signal }) =>
      sentRows(object, numbers, wantedOf(codeOf(source)), { parsers, signal }),

    settle: (part) => settleFiles(store, part),
  };
}

/** A file in a folder 異動 is a list of changes, in 完整 a whole one; where letterhead and folder disagree, nobody is called missing. */
function saysComplete(path: string, letterhead: boolean | null): boolean | null {
  const folders = path.split('/').slice(0, -1);
  const said = [
    letterhead,
    folders.some((name) => /異動|changes/i.test(name)) ? false : null,
    folders.some((name) => /完整|complete/i.test(name)) ? true : null,
  ].filter((one) => one !== null);
  return said.length === 0 ? null : said.every((one) => one);
}

const codeOf = (source: string): string => source.slice(source.indexOf('/') + 1);

/** As configured for a source or one school. */
interface Layout {
  profile?: RosterProfile | undefined;
  columns?: ColumnMapping | undefined;
}

/** What is wanted of a school's files, by its code: what the source is configured for, and what the school is besides. Made once each. */
function wantedOfSchools(config: FileSourceConfig): (code: string | null) => Wanted {
  const kind = KINDS[config.type];
  const { profile }: Layout = config;
  const common: Wanted = { kind, titles: titleIndex(kind, config.columns), profile };
  const own = new Map(
    Object.entries<Layout>(config.schools ?? {}).map(([code, school]): [string, Wanted] => [
      code,
      {
        kind,
        titles: school.columns ? titleIndex(kind, config.columns, school.columns) : common.titles,
        profile: school.profile ?? profile,
      },
    ]),
  );
  return (code) => (code === null ? common : (own.get(code) ?? common));
}
