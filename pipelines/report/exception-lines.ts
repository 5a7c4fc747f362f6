/** Exceptions as people read them: who must act, about whom, in words. Pure. */
import { exceptionFacts } from '../../schemas/messages/exception-facts.ts';
import type { InstitutionRef } from '../../schemas/outputs/institution-ref.ts';
import type { OpenException } from '../../schemas/outputs/report.ts';
import type { OpenExceptionRow } from '../../warehouse/views/report-exceptions.ts';
import { say } from './say.ts';

/** A source is shown as its school; a record without an institution with the school that sent it. */
function aboutWhat(e: OpenExceptionRow, school: string | null): string | null {
  if (e.about === e.source) return school ?? e.about;
  return e.institution_key === null && school !== null ? `${e.about ?? '（無姓名）'}（${school} 送件）` : e.about;
}

/** A school that hands in rosters, accounts and courses may have one matter in several of them: then each names its source. */
function tellApart<E extends { code: string; about: string | null; source: string | null }>(lines: readonly E[]): E[] {
  const alike = Map.groupBy(lines, ({ code, about }) => `${code} ${about}`);
  return lines.map((line) => {
    const sources = new Set(alike.get(`${line.code} ${line.about}`)?.map(({ source }) => source));
    return sources.size < 2 || line.source === null || line.about === null
      ? line
      : { ...line, about: `${line.about}（${line.source.split('/')[0]}）` };
  });
}

export interface ExceptionNames {
  refOf: (key: string) => InstitutionRef;
  /** `064601 市立豐原國小` of a school's source; null where no school sent it. */
  schoolOf: (source: string) => string | null;
  /** The run that is reported on. */
  runId: number;
}

export interface ExceptionLine extends OpenException {
  /** Where it is put aside. */
  suppressed?: { by: string; reason: string; until: string };
}

export function exceptionLines(
  rows: readonly OpenExceptionRow[],
  { refOf, schoolOf, runId }: ExceptionNames,
): ExceptionLine[] {
  const lines = rows.map((e) => ({
    number: e.id,
    code: e.code,
    ...exceptionFacts(e.code),
    text: say(e.code, e.params),
    params: e.params,
    institution: e.institution_key === null ? null : refOf(e.institution_key),
    about: aboutWhat(e, schoolOf(e.source ?? '')),
    source: e.institution_key === null ? e.source : null,
    openedAt: e.opened_at,
    ageDays: e.age_days,
    openedInThisRun: e.opened_run_id === runId,
    ...(e.until !== null && { suppressed: { by: e.set_by as string, reason: e.reason as string, until: e.until } }),
  }));
  return tellApart(lines).map(({ source: _, ...line }) => line);
}
