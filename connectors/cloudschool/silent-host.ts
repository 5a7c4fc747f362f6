/**
 * Schools of one host share its fate: where several of them in a row had no answer, the others are passed over at once instead of waiting their full
 * time each, or one dead server would hold up the night for hours. In case it was those schools alone, the 8th, 16th, 32nd … that would be passed over
 * is asked all the same, with a single try; any answer, also one that refuses, ends the silence, and who was passed over is heard by the job's next try.
 * It remembers for how long to be patient, within one run of this process, and nothing of what a source said.
 */
import { SourceError } from '../../schemas/source-error.ts';

/** So many schools, each tried with all patience. */
const ENOUGH = 3;
const FIRST_PROBE = 8;
const SILENCE: ReadonlySet<string> = new Set(['api-timeout', 'api-unreachable', 'api-school-timeout']);

export type Ask<T> = (how: 'patiently' | 'once') => Promise<T>;

export interface SilentHost {
  /**
   * Asks one school, or passes it over. @param run the run's moment: another run begins anew.
   * @throws SourceError what `ask` throws, or what the same school failed with before in this run, or `api-host-silent`, retryable
   */
  hear<T>(run: string, source: string, ask: Ask<T>): Promise<T>;
}

export function watchHost(host: string): SilentHost {
  let heard = '';
  let passedOver = 0;
  /** Schools that had no answer since the host last spoke. */
  const failed = new Map<string, SourceError>();

  async function counted<T>(source: string, asked: Promise<T>): Promise<T> {
    try {
      const answer = await asked;
      failed.clear();
      return answer;
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      if (SILENCE.has(error.code)) failed.set(source, error);
      else failed.clear();
      throw error;
    }
  }

  return {
    async hear(run, source, ask) {
      if (run !== heard) {
        heard = run;
        passedOver = 0;
        failed.clear();
      }
      if (failed.size < ENOUGH) return await counted(source, ask('patiently'));
      const before = failed.get(source);
      if (before) throw before;
      passedOver++;
      const isProbe = passedOver >= FIRST_PROBE && Number.isInteger(Math.log2(passedOver));
      if (isProbe) return await counted(source, ask('once'));
      throw new SourceError('api-host-silent', { source, host, schools: ENOUGH }, { retryable: true });
    },
  };
}
