/** The roster of an institution as recorded before a moment and true on a day (R10: who left is not on it from that day). */
import { type Roster, roster } from '../schemas/outputs/roster.ts';
import { WrongRequestError } from '../schemas/wrong-request.ts';
import type { Database, Transaction } from '../warehouse/connect.ts';
import { lastAppliedClock } from '../warehouse/views/explain.ts';
import {
  accountsThen,
  type InstitutionLine,
  institutionsThen,
  institutionThen,
  peopleThen,
  type RosterMoments,
} from '../warehouse/views/roster.ts';
import { readAsOf } from './as-of.ts';
import type { Asked } from './explain.ts';
import { narrowTo } from './report/narrow-to.ts';
import { taipeiDay } from './taipei-day.ts';

/** A day that is not named is that of the moment; of now it is the business day of the newest run. */
const readThen = <T>(
  db: Database,
  moments: Asked,
  read: (state: Transaction, then: RosterMoments) => Promise<T>,
): Promise<T> =>
  readAsOf(db, moments, async (state, asOf) => {
    const on = moments.on ?? taipeiDay(moments.asOf ?? (await lastAppliedClock(state)) ?? moments.now);
    return read(state, { asOf, on });
  });

/**
 * @param asked `CODE` or `CODE:SECTION`
 * @throws InstitutionNotFoundError; WrongRequestError where the institution was not known then, or the moment has not come; HistoryForgottenError
 */
export const rosterOf = (db: Database, asked: string, moments: Asked): Promise<Roster> =>
  readThen(db, moments, async (state, then) => {
    const { key, code } = await narrowTo(state, asked);
    const found = await institutionThen(state, key, then);
    if (found === null) {
      const known = moments.asOf === null ? '' : ` as recorded before ${moments.asOf}`;
      throw new WrongRequestError(
        `${asked} was no institution on ${then.on}${known}; "mingce explain institution ${code}" tells its story`,
      );
    }
    const { legal_class: legalClass, quasi_public: quasiPublic, ...institution } = found;
    const people = await peopleThen(state, key, then);
    const accounts = await accountsThen(state, key, then);
    return roster.parse({
      institution: { code, ...institution, legalClass, quasiPublic },
      asOf: moments.asOf,
      on: then.on,
      people: people.map(({ title_code, is_primary, on_leave, end_reason, ...person }) => ({
        ...person,
        titleCode: title_code,
        primary: is_primary,
        onLeave: on_leave,
        endReason: end_reason,
      })),
      accounts: accounts.map(({ enabled_on, ...account }) => ({ ...account, enabledOn: enabled_on })),
    });
  });

/** All institutions that were known then, and the day that it is true of. @throws WrongRequestError where the moment has not come */
export const institutionsOf = (
  db: Database,
  moments: Asked,
): Promise<{ on: string; institutions: InstitutionLine[] }> =>
  readThen(db, moments, async (state, then) => ({ on: then.on, institutions: await institutionsThen(state, then) }));
