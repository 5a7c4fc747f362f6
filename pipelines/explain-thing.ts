/** Where the values of an institution or of a business account came from, and what happened to it, run by run (R02). */
import { type ExplainedValue, type ThingExplained, thingExplained } from '../schemas/outputs/explanation.ts';
import { INSTITUTION_FIELDS } from '../schemas/plan.ts';
import { WrongRequestError } from '../schemas/wrong-request.ts';
import type { Database, Transaction } from '../warehouse/connect.ts';
import { historyHorizon } from '../warehouse/history/horizon.ts';
import { listManualValues, type ManualValueRow } from '../warehouse/manual-values.ts';
import {
  codesOf,
  findAccounts,
  institutionIdOf,
  storyOf,
  type VersionRow,
  versionsOf,
} from '../warehouse/views/explain-story.ts';
import { institutionRefs } from '../warehouse/views/report-institutions.ts';
import { readAsOf } from './as-of.ts';
import { AS_IT_STANDS, type Asked, handOf, lineageOf } from './explain.ts';
import { tellStory } from './explain-story.ts';
import { institutionOf } from './report/institution-of.ts';
import { narrowTo } from './report/narrow-to.ts';

/** There is no such account, or more than one. */
export class AccountNotFoundError extends WrongRequestError {
  override readonly name = 'AccountNotFoundError';
}

const COLUMNS = {
  institution: INSTITUTION_FIELDS,
  account: ['account_kind', 'holder_name', 'state', 'enabled_on', 'last_login_at'],
} as const;

const shown = (value: unknown): string | null =>
  value === null || value === undefined ? null : value === true ? '是' : value === false ? '否' : String(value);

/** A value comes from the version that first said it, however often a later one repeated it. */
function explainColumn(
  column: string,
  versions: readonly VersionRow[],
  hands: readonly ManualValueRow[],
): ExplainedValue {
  const said: Pick<ExplainedValue, 'value' | 'from'>[] = [];
  for (const version of versions) {
    const value = shown(version.values[column]);
    if (said.length > 0 && said.at(-1)?.value === value) continue;
    const hand = handOf(version.run_clock, { [column]: version.values[column] }, hands);
    said.push({ value, from: lineageOf(version, hand) });
  }
  const [now, ...before] = said.reverse();
  return { column, ...(now as (typeof said)[number]), before, claims: [], claimRule: 'R02' };
}

async function explain(
  db: Transaction,
  kind: 'institution' | 'account',
  thing: { id: number; key: string; name: string | null },
  { asOf, on }: Asked,
  at: string,
): Promise<ThingExplained> {
  const versions = await versionsOf(db, kind, thing.id, { asOf: at, on });
  const newest = versions.at(-1);
  if (newest === undefined || (on !== null && !newest.stands))
    throw new WrongRequestError(
      `nothing was known of this ${kind}${asOf ? ` before ${asOf}` : ''}${on ? ` for ${on}` : ''}`,
    );
  const hands = await listManualValues(db, { entity: kind, entityId: thing.id });
  const story = await storyOf(db, kind, thing.id, at);
  const refs = await institutionRefs(db, [thing.key], at);
  return thingExplained.parse({
    kind,
    id: thing.id,
    name: thing.name ?? newest.values.name,
    institution: institutionOf(refs, thing.key),
    codes: kind === 'institution' ? await codesOf(db, thing.id) : [],
    asOf,
    on,
    withdrawn: !versions.some(({ stands }) => stands),
    values: COLUMNS[kind].map((column) => explainColumn(column, versions, hands)),
    historyFrom: (await historyHorizon(db)).at,
    story: tellStory(story, refs),
  });
}

/** @param asked `CODE` or `CODE:SECTION`. @throws InstitutionNotFoundError */
export const explainInstitution = (
  db: Database,
  asked: string,
  moments: Asked = AS_IT_STANDS,
): Promise<ThingExplained> =>
  readAsOf(db, moments, async (state, at) => {
    const { key } = await narrowTo(state, asked);
    const thing = { id: await institutionIdOf(state, key), key, name: null };
    return explain(state, 'institution', thing, moments, at);
  });

/**
 * @param asked `CODE/NAME`, the school and the account as the report shows it, or our own id
 * @throws AccountNotFoundError also where several accounts are shown alike: then it names their ids
 */
export const explainAccount = (db: Database, asked: string, moments: Asked = AS_IT_STANDS): Promise<ThingExplained> =>
  readAsOf(db, moments, async (state, at) => {
    const [code = '', name] = asked.split('/', 2);
    const found = await findAccounts(state, name === undefined ? { id: Number(asked) } : { code, name });
    const [account] = found;
    if (account === undefined)
      throw new AccountNotFoundError(
        'there is no such account; expected CODE/NAME as the report shows it, e.g. 064601/head01',
      );
    if (found.length > 1)
      throw new AccountNotFoundError(
        `${found.length} accounts are shown like that; give one of the ids ${found.map(({ id }) => id).join(', ')}`,
      );
    const thing = { id: account.id, key: account.institution_key, name: account.account_name };
    return explain(state, 'account', thing, moments, at);
  });
