/** How current the picture of each institution of a plan is (R24): a consumer never takes a gap for a fall. Pure. */
import type { CoverageEntry } from '../../schemas/snapshot.ts';
import type { LastPicture, SnapshotInstitution, StaffSources } from '../../warehouse/views/snapshot-institutions.ts';
import type { Placed } from './scope.ts';

/** Sources that speak for the staff of an institution: those that gave some, its roster in each drop, the care system for a kindergarten. */
function sourcesOf(institution: SnapshotInstitution, sources: StaffSources): string[] {
  const gave = sources.byInstitution.get(institution.id) ?? [];
  const care = sources.ofKindergarten.get(institution.id);
  const own = care === undefined ? sources.drops.map((drop) => `${drop}/${institution.code}`) : [care];
  return [...new Set([...gave, ...own])];
}

const newest = (pictures: readonly LastPicture[]): LastPicture | null =>
  pictures.reduce<LastPicture | null>(
    (best, p) => (best === null || Date.parse(p.at) > Date.parse(best.at) ? p : best),
    null,
  );

/**
 * `held`: what was heard would have changed too much and waits for a decision, so that what stands is from before it. `fresh`: heard by the run of the snapshot, or on the cut-off's day (the kindergartens' last run is that morning's).
 * @param day the cut-off's day, Asia/Taipei; moments of pictures come in that zone
 */
export function coverageOf(
  placed: readonly Placed[],
  sources: StaffSources,
  teachers: ReadonlyMap<number, number>,
  day: string,
): CoverageEntry[] {
  return placed.map(({ institution, notes }) => {
    const own = sourcesOf(institution, sources);
    const pictures = own.map((source) => sources.pictures.get(source)).filter((p) => p !== undefined);
    const last = newest(pictures);
    const fresh = last !== null && (pictures.some((p) => p.now) || last.at.slice(0, 10) >= day);
    const failing = own.some((source) => sources.failing.has(source));
    const held = sources.held.get(institution.id);
    return {
      code: institution.code,
      section: institution.section,
      name: institution.name,
      status: last === null ? 'never-received' : held !== undefined ? 'held' : fresh ? 'fresh' : 'carried-forward',
      since: last?.at ?? null,
      teachers: teachers.get(institution.id) ?? 0,
      notes: [...notes, ...(failing ? ['last-delivery-failed'] : []), ...(held ?? []).map((guard) => `held-${guard}`)],
    };
  });
}
