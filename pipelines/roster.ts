/** The roster of an institution as recorded before a moment and true on a day (R10: who left is not on it from that day). */
import { type Roster, roster } from '../schemas/outputs/roster.ts';
import { WrongRequestError } from '../schemas/wrong-request.ts';
import type { Database } from '../warehouse/connect.ts';
import { lastAppliedClock } from '../warehouse/views/explain.ts';
import {
  accountsThen,
  type InstitutionLine,
  institutionsThen,
  institutionThen,
  peopleThen,
  type RosterMoments,
} from '../warehouse/views/roster.ts';
import { toldAsOf } from './as-of.ts';
import type { Asked } from './explain.ts';
import { narrowTo } from './report/narrow-to.ts';
import { taipeiDay } from './taipei-day.ts';

/** A day that is not named is that of the moment; of now it is the business day of the newest run. */
const told = <T>(db: Database, { asOf, on, now }: Asked, read: (then: RosterMoments) => Promise<T>): Promise<T> =>
  toldAsOf(db, { asOf, now }, async (moment) =>
    read({ asOf: moment, on: on ?? taipeiDay(asOf ?? (await lastAppliedClock(db)) ?? now) }),
  );

/**
 * @param asked `CODE` or `CODE:SECTION`
 * @throws InstitutionNotFoundError; WrongRequestError where the institution was not known then, or the moment has not come; HistoryForgottenError
 */
export async function rosterOf(db: Database, asked: string, moments: Asked): Promise<Roster> {
  const where = await narrowTo(db, asked);
  return told(db, moments, (then) => readRoster(db, asked, where, { moments, then }));
}

async function readRoster(
  db: Database,
  asked: string,
  { key, code }: { key: string; code: string },
  { moments, then }: { moments: Asked; then: RosterMoments },
): Promise<Roster> {
  const found = await institutionThen(db, key, then);
  if (found === null) {
    const known = moments.asOf === null ? '' : ` as recorded before ${moments.asOf}`;
    throw new WrongRequestError(
      `${asked} was no institution on ${then.on}${known}; "mingce explain institution ${code}" tells its story`,
    );
  }
  const { legal_class: legalClass, quasi_public: quasiPublic, ...institution } = found;
  return roster.parse({
    institution: { code, ...institution, legalClass, quasiPublic },
    asOf: moments.asOf,
    on: then.on,
    people: (await peopleThen(db, key, then)).map(({ title_code, is_primary, on_leave, end_reason, ...person }) => ({
      ...person,
      titleCode: title_code,
      primary: is_primary,
      onLeave: on_leave,
      endReason: end_reason,
    })),
    accounts: (await accountsThen(db, key, then)).map(({ enabled_on, ...account }) => ({
      ...account,
      enabledOn: enabled_on,
    })),
  });
}

/** All institutions that were known then, and the day that it is true of. @throws WrongRequestError where the moment has not come */
export async function institutionsOf(
  db: Database,
  moments: Asked,
): Promise<{ on: string; institutions: InstitutionLine[] }> {
  return told(db, moments, async (then) => ({ on: then.on, institutions: await institutionsThen(db, then) }));
}
