/**
 * The CloudSchool-format API: one client and one picture per school, which speaks for itself only. A picture is complete; why somebody is
 * not in it the API does not say (no leave date, no reason), so who is missing is asked about.
 */
import type { SourceConfigOf } from '../../schemas/config.ts';
import { SourceError } from '../../schemas/source-error.ts';
import { bytesOf, once } from '../bytes.ts';
import type { Connector, ConnectorContext, ReadNotes } from '../contract.ts';
import type { ConnectorEnvironment } from '../environment.ts';
import { shownTitle } from '../files/shown-name.ts';
import { failApi } from '../http/api-codes.ts';
import { openSession } from '../http/open-session.ts';
import { ShapeCollector } from '../json-shape.ts';
import { refuseMomentAhead } from '../moment-ahead.ts';
import { toRow } from './adapter.ts';
import { watchHost } from './silent-host.ts';
import { kindsOf, PAGE, parseSemester, type Semester } from './wire.ts';

const BATCH_ROWS = 500;

type CloudSchoolConfig = SourceConfigOf<'cloudschool'>;

export function openCloudSchool(config: CloudSchoolConfig, { secrets }: ConnectorEnvironment): Connector {
  const schools = new Map(
    config.schools.map((school) => [school.code, { ...school, secret: secrets(school.clientSecretEnv) }] as const),
  );
  const schoolOf = (source: string) => {
    const school = schools.get(source.slice(config.name.length + 1));
    if (!school) throw new Error(`${source} is not in the configuration any more`);
    return school;
  };
  const silence = watchHost(new URL(config.url).host);

  /** @throws SourceError */
  async function askFor(source: string, { log, signal }: ConnectorContext, how: 'patiently' | 'once') {
    const { clientId, secret } = schoolOf(source);
    const deadline = AbortSignal.timeout(config.walkTimeoutSeconds * 1000);
    const both = { log, signal: AbortSignal.any([signal, deadline]) };
    const options = how === 'once' ? { ...config, retries: 0 } : config;
    const session = openSession(options, { clientId, secret }, both, failApi(source));
    try {
      return await session.get(config.dataPath, {}, (body) => ({ body, semester: parseSemester(body, source) }));
    } catch (error) {
      signal.throwIfAborted();
      if (deadline.aborted) throw new SourceError('api-school-timeout', { source, seconds: config.walkTimeoutSeconds });
      throw error;
    } finally {
      session.close();
    }
  }

  return {
    name: config.name,
    present: true,
    discover: async () =>
      [...schools.keys()].map((code) => ({ source: `${config.name}/${code}`, drop: config.name, files: [] })),

    async *fetch({ source }, ctx) {
      const { body, semester } = await silence.hear(ctx.now, source, (how) => askFor(source, ctx, how));
      refuseMomentAhead(semester.asOf, ctx.now, source);
      yield {
        objects: [{ name: PAGE, mediaType: 'application/json', body: once(body) }],
        complete: true,
        asOf: () => semester.asOf,
      };
    },

    async *read({ objects, source }, { signal }, notes) {
      const { code, section } = schoolOf(source);
      const shape = new ShapeCollector();
      for (const [object, stored] of objects.entries()) {
        signal.throwIfAborted();
        const semester = parseSemester(await bytesOf(stored), source);
        describe(semester, config.term, notes);
        const adapting = {
          defaults: section === undefined ? { institutionCode: code } : { institutionCode: code, section },
          kindOf: kindsOf(semester.data.單位資料 ?? []),
          shape,
        };
        const people = semester.data.學期教職員;
        for (let from = 0; from < people.length; from += BATCH_ROWS) {
          signal.throwIfAborted();
          yield people
            .slice(from, from + BATCH_ROWS)
            .map((person, i) => toRow(person, { object, row: from + i + 1 }, adapting));
        }
      }
      notes.fields = shape.fields();
    },

    settle: async () => {},
  };
}

/** 學年 and 學期 are said, not guessed: a school that still answers with the last term is told apart by its note. */
function describe({ data, asOf }: Semester, expected: string | undefined, notes: ReadNotes): void {
  const term = shownTitle(`${data.學年 ?? '?'}${data.學期 ?? '?'}`).slice(0, 20);
  notes.asOf = asOf;
  notes.term = term;
  notes.staff = data.學期教職員.length;
  if (expected !== undefined && term !== expected) notes.termExpected = expected;
}
