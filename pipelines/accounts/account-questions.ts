import { DEFAULT_ACCOUNT_RULES } from '../../schemas/account-rules.ts';
import type { Campaign } from '../../schemas/campaign.ts';
import type { AccountQuestions } from '../../warehouse/account-findings.ts';
import type { PipelineContext } from '../context.ts';

/** The planning year of a day: the newest whose school year has begun, else the one that comes next. */
export function campaignOf(campaigns: readonly Campaign[], day: string): Campaign | null {
  const byStart = campaigns.toSorted((a, b) => (a.schoolYear.from < b.schoolYear.from ? -1 : 1));
  return byStart.findLast(({ schoolYear }) => schoolYear.from <= day) ?? byStart[0] ?? null;
}

/** What a run asks of business accounts; kinds are those of the planning year (R23). @param clock moment of the run */
export function accountQuestions(
  { accounts = DEFAULT_ACCOUNT_RULES, campaigns }: Pick<PipelineContext, 'accounts' | 'campaigns'>,
  clock: string,
): AccountQuestions {
  const table = campaignOf(campaigns, clock.slice(0, 10))?.accountKinds ?? [];
  return {
    idleDays: accounts.idleDays,
    everySchool: accounts.leadOfEverySchool,
    kinds: table.flatMap(({ section, kinds }) => kinds.map(({ kind }) => ({ section, kind }))),
  };
}
