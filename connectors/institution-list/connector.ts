/**
 * Lists of institutions kept beside the configuration: the schools of a city, the ministry's 學校名錄 and 幼兒園名錄 as published. Complete by nature,
 * for the county asked for.
 */
import { readFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { SourceConfigOf } from '../../schemas/config.ts';
import { SourceError } from '../../schemas/source-error.ts';
import { once } from '../bytes.ts';
import type { Connector } from '../contract.ts';
import type { ConnectorEnvironment } from '../environment.ts';
import { readRows } from '../files/read-rows.ts';
import { titleIndex } from '../files/title-index.ts';
import { makeListAdapter } from './adapter.ts';
import { listMoment } from './list-moment.ts';

const MAX_LIST_BYTES = 32 * 1024 * 1024;

export function openInstitutionList(
  config: SourceConfigOf<'institution-list'>,
  { configDir, parsers }: ConnectorEnvironment,
): Connector {
  const path = resolve(configDir, config.path);
  const file = basename(path);
  const wanted = { kind: 'institution', titles: titleIndex('institution'), defaults: {}, complete: true } as const;

  return {
    name: config.name,
    present: true,
    discover: async () => [{ source: config.name, drop: config.name, files: [] }],

    async *fetch(_part, { signal }) {
      signal.throwIfAborted();
      const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
        throw cause.code === 'ENOENT' ? new SourceError('list-missing', { path: config.path }, { cause }) : cause;
      });
      if (found.size > MAX_LIST_BYTES)
        throw new SourceError('file-too-large', { file, bytes: found.size, limit: MAX_LIST_BYTES });
      const bytes = await readFile(path);
      const moment = await listMoment(once(bytes), file, { parsers, signal });
      yield { objects: [{ name: file, mediaType: 'text/csv', body: once(bytes) }], complete: true, asOf: () => moment };
    },

    async *read(delivery, { signal }, notes) {
      const adapt = makeListAdapter(config);
      let taken = 0;
      let elsewhere = 0;
      for (const [object, stored] of delivery.objects.entries()) {
        for await (const rows of readRows(stored, { ...wanted, object, parsers, signal }, notes)) {
          signal.throwIfAborted();
          const kept = rows.map(adapt).filter((row) => row !== null);
          taken += kept.length;
          elsewhere += rows.length - kept.length;
          if (kept.length > 0) yield kept;
        }
      }
      if (elsewhere > 0) notes.rowsOfOtherCounties = elsewhere;
      if (taken === 0) throw new SourceError('list-county-absent', { file, county: config.county ?? '' });
    },

    settle: async () => {},
  };
}
