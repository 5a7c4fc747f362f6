/** The hand on the brake (I6): which institutions a night would change too much, or whether it would change too much of the city. Pure. */
import type { CitySize, Guard, GuardLimits, GuardReason, HeldSet, Measure } from '../../schemas/guards.ts';

const over = (guard: Guard, count: number, of: number, percent: number, least: number): GuardReason[] =>
  of > 0 && count >= least && count * 100 > percent * of ? [{ guard, count, of, percent, least }] : [];

/** An institution that had nobody cannot lose, change or double anybody: that is a first load, which is not held. */
function institutionReasons(m: Measure, { lost, changed, added, leaving }: GuardLimits): GuardReason[] {
  return [
    ...over('lost', m.lost, m.serving, lost.percent, lost.people),
    ...over('leaving', m.leaving, m.serving, leaving.percent, leaving.people),
    ...over('changed', m.changed, m.serving, changed.percent, changed.people),
    ...over('accounts-lost', m.accountsLost, m.accounts, lost.percent, lost.people),
    ...over('added', m.added, m.serving, added.percent, added.people),
  ];
}

/** What each guard of the city counts of an institution. */
const OF_CITY: Readonly<Record<Guard, (m: Measure) => number>> = {
  lost: (m) => m.lost,
  leaving: (m) => m.leaving,
  changed: (m) => m.changed,
  added: (m) => (m.serving > 0 ? m.added : 0),
  'accounts-lost': (m) => m.accountsLost,
  'institutions-added': (m) => (m.institution === 'added' ? 1 : 0),
  'institutions-changed': (m) => (m.institution === 'changed' ? 1 : 0),
  'institutions-ended': (m) => (m.institution === 'ended' ? 1 : 0),
};

function cityReasons(measures: readonly Measure[], size: CitySize, { city, leaving }: GuardLimits): GuardReason[] {
  return (Object.keys(OF_CITY) as Guard[]).flatMap((guard) => {
    const count = measures.reduce((sum, m) => sum + OF_CITY[guard](m), 0);
    return guard.startsWith('institutions')
      ? over(guard, count, size.institutions, city.percent, city.institutions)
      : over(
          guard,
          count,
          guard === 'accounts-lost' ? size.accounts : size.serving,
          guard === 'leaving' ? leaving.cityPercent : city.percent,
          city.people,
        );
  });
}

/**
 * @param measures of the institutions that the night would touch, without those of which a hold stands already
 * @param city key of a hold of the city, if there is to be one
 * @returns what is held: for the city all that add to what it is over with, together; of the others each by itself
 */
export function heldSets(measures: readonly Measure[], size: CitySize, limits: GuardLimits, city: string): HeldSet[] {
  const ofCity = cityReasons(measures, size, limits);
  const inCity = (m: Measure): boolean => ofCity.some(({ guard }) => OF_CITY[guard](m) > 0);
  const whole = measures.filter(inCity).map((m) => m.institutionKey);
  const single = measures
    .filter((m) => !inCity(m))
    .map((m) => ({
      holdKey: m.institutionKey,
      institutions: [m.institutionKey],
      reasons: institutionReasons(m, limits),
    }))
    .filter(({ reasons }) => reasons.length > 0);
  return ofCity.length === 0 ? single : [{ holdKey: city, institutions: whole, reasons: ofCity }, ...single];
}

/** Whether explicit leavings have their own limit in a night. @param day ISO day of the run, Asia/Taipei */
export const inSeason = (day: string, { leaving }: GuardLimits): boolean =>
  leaving.months.includes(Number(day.slice(5, 7)));
