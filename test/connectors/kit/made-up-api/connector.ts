/** One school's people of the service, by API key: one part, which speaks for that school only. */
import { bytesOf, once } from '../../../../connectors/bytes.ts';
import type { Connector } from '../../../../connectors/contract.ts';
import { failApi } from '../../../../connectors/http/api-codes.ts';
import { openKeySession } from '../../../../connectors/http/open-key-session.ts';
import type { ApiOptions } from '../../../../connectors/http/open-session.ts';
import { ShapeCollector } from '../../../../connectors/json-shape.ts';
import { refuseMomentAhead } from '../../../../connectors/moment-ahead.ts';
import { toRow } from './adapter.ts';
import { createProof, type Page, parsePage } from './wire.ts';

export interface PersonnelConfig extends ApiOptions {
  name: string;
  school: string;
  pageSize: number;
}

export function openPersonnel(config: PersonnelConfig, key: string): Connector {
  const { name, school, pageSize } = config;
  const source = `${name}/${school}`;
  return {
    name,
    present: true,
    discover: async () => [{ source, drop: name, files: [] }],

    async *fetch(_part, ctx) {
      ctx.signal.throwIfAborted();
      const apiKey = { header: 'x-api-key', value: key, name: 'PERSONNEL_KEY' };
      const proof = createProof(source);
      let whole: Page | null = null;
      async function* pages() {
        const session = openKeySession(config, apiKey, ctx, failApi(source));
        try {
          for (let number = 1, over = false; !over; number++) {
            const page = `people page ${number}`;
            const use = (body: Buffer) => ({ body, parsed: parsePage(body, page, source) });
            const { body, parsed } = await session.get('/v2/people', { school, page: number, size: pageSize }, use);
            refuseMomentAhead(parsed.asOf, ctx.now, source);
            over = proof.add(parsed);
            yield { name: page, mediaType: 'application/json', body: once(body) };
          }
          whole = proof.finish();
        } finally {
          session.close();
        }
      }
      // The moment is asked for after the last page, and not at all when one fails.
      yield { objects: pages(), complete: true, asOf: () => whole!.asOf };
    },

    async *read({ objects }, { signal }, notes) {
      const proof = createProof(source);
      const shape = new ShapeCollector();
      for (const [object, stored] of objects.entries()) {
        signal.throwIfAborted();
        const page = parsePage(await bytesOf(stored), stored.name, source);
        proof.add(page);
        yield page.people.map((person, i) => toRow(person, school, { object, row: i + 1 }, shape));
      }
      notes.asOf = proof.finish().asOf;
      notes.fields = shape.fields();
    },

    settle: async () => {},
  };
}
