/** Open matters for those who must act, and what somebody put aside until a day: with a reason, as themselves, in the audit trail. */
import { ExceptionError } from '../schemas/exception-error.ts';
import { todoOf } from '../schemas/messages/catalogue.ts';
import { exceptionLine, type ListedException } from '../schemas/outputs/exceptions.ts';
import type { ActingUser } from '../schemas/users.ts';
import { appendAudit } from '../warehouse/audit.ts';
import type { Database } from '../warehouse/connect.ts';
import { holdToRole } from '../warehouse/hold-to-role.ts';
import { addSuppression, endSuppression, type LockedException, lockException } from '../warehouse/suppressions.ts';
import { standingExceptions } from '../warehouse/views/report-exceptions.ts';
import { institutionRefs, schoolNames } from '../warehouse/views/report-institutions.ts';
import { exceptionLines } from './report/exception-lines.ts';
import { institutionOf } from './report/institution-of.ts';
import { narrowTo } from './report/narrow-to.ts';
import { taipeiDay } from './taipei-day.ts';
import { tellRefusal } from './told-refusal.ts';

const ROLES = ['bureau', 'ops'] as const;

export interface ExceptionFilter {
  /** `CODE` or `CODE:SECTION`: of the institution, and of what its school sent. */
  institution?: string | undefined;
  code?: string | undefined;
  /** One by its number. */
  number?: number | undefined;
}

/** @param when ISO moment that ages are counted to. @throws InstitutionNotFoundError */
export async function listExceptions(
  db: Database,
  when: string,
  { institution, code, number }: ExceptionFilter = {},
): Promise<ListedException[]> {
  const concern = institution === undefined ? null : await narrowTo(db, institution);
  const rows = (await standingExceptions(db, when)).filter(
    (e) =>
      (code === undefined || e.code === code) &&
      (number === undefined || e.id === number) &&
      (concern === null ||
        (e.institution_key === null ? e.source?.split('/')[1] === concern.code : e.institution_key === concern.key)),
  );
  const refs = await institutionRefs(db, [...new Set(rows.flatMap((e) => e.institution_key ?? []))], 'infinity');
  const schools = await schoolNames(db, [...new Set(rows.flatMap((e) => e.source?.split('/')[1] ?? []))]);
  const schoolOf = (source: string): string | null => {
    const school = source.split('/')[1] ?? '';
    return schools.has(school) ? `${school} ${schools.get(school)}` : null;
  };
  const refOf = (key: string) => institutionOf(refs, key);
  return exceptionLines(rows, { refOf, schoolOf, runId: 0 }).map(({ openedInThisRun: _, suppressed = null, ...line }) =>
    exceptionLine.parse({ ...line, todo: { zh: todoOf(line.code, 'zh'), en: todoOf(line.code, 'en') }, suppressed }),
  );
}

export interface Suppression {
  id: number;
  by: ActingUser;
  /** ISO moment. */
  when: string;
}

/** Locks a matter that is open, for whoever may decide about it. */
async function decideAbout(
  db: Database,
  { id, by, when }: Suppression,
  action: string,
  work: (
    trx: Parameters<typeof lockException>[0],
    exception: LockedException,
  ) => Promise<Record<string, string | null>>,
): Promise<void> {
  const decide = (): Promise<void> =>
    db.transaction(async (trx) => {
      await holdToRole(trx, by, ROLES);
      const exception = await lockException(trx, id, when);
      if (exception === null) throw new ExceptionError('exception-unknown', { id });
      const detail = { code: exception.code, ...(await work(trx, exception)) };
      await appendAudit(trx, { at: when, actor: by.name, action, subject: `exception:${id}`, detail });
    });
  await tellRefusal(db, { by, at: when, subject: `exception:${id}` }, decide);
}

/**
 * Puts a matter aside until a day, itself included: it is told, and not counted, and no run asks about it before.
 * @throws ExceptionError, UserRefusedError
 */
export async function suppressException(
  db: Database,
  asked: Suppression & { reason: string; until: string },
): Promise<ListedException> {
  const { id, by, when, reason, until } = asked;
  const today = taipeiDay(when);
  if (until < today) throw new ExceptionError('suppress-until-past', { until, today });
  await decideAbout(db, asked, 'exception-suppressed', async (trx, exception) => {
    if (exception.closed_at !== null) throw new ExceptionError('exception-closed', { id });
    await addSuppression(trx, exception, { reason, until, by: by.name, at: when });
    return { reason, until };
  });
  return (await listExceptions(db, when, { number: id }))[0] as ListedException;
}

/** It counts as open again at once. @throws ExceptionError, UserRefusedError */
export async function unsuppressException(db: Database, asked: Suppression & { reason: string | null }): Promise<void> {
  const { id, by, when, reason } = asked;
  await decideAbout(db, asked, 'exception-unsuppressed', async (trx, exception) => {
    if (exception.suppression === null) throw new ExceptionError('exception-not-suppressed', { id });
    await endSuppression(trx, exception.suppression, { by: by.name, reason, at: when });
    return { reason };
  });
}
