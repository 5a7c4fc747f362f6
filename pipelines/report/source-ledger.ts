/** The ledger of a run per configured source: a drop of schools is the sum of its parts. */
import type { SourceDetail } from '../../schemas/outputs/run-list.ts';
import { UNDATED } from '../../schemas/undated.ts';
import type { RunSource, SourceStatus } from '../../warehouse/runs.ts';
import { say } from './say.ts';

type Part = Omit<SourceDetail, 'parts'>;

const COUNTS = ['read', 'accepted', 'unchanged', 'quarantined', 'excluded', 'duplicate', 'missing'] as const;

/** One part in a bad state marks the whole; the worst first. */
const WORST: readonly SourceStatus[] = ['failed', 'held', 'waiting', 'carried-forward', 'fresh'];

const shownMoment = (asOf: string | null): string | null =>
  asOf !== null && Date.parse(asOf) === Date.parse(UNDATED) ? null : asOf;

function partOf(row: RunSource): Part {
  const counts = Object.fromEntries(COUNTS.map((name) => [name, row[name]])) as Record<(typeof COUNTS)[number], number>;
  const error = row.error_code
    ? { code: row.error_code, message: say(row.error_code, row.error_params ?? {}).en }
    : null;
  return { source: row.source, status: row.status, asOf: shownMoment(row.as_of), ...counts, error };
}

/** As of its oldest part: what the whole can vouch for. */
function oldest(parts: readonly Part[]): string | null {
  const moments = parts.flatMap((p) => (p.asOf === null ? [] : [p.asOf]));
  return moments.reduce<string | null>((a, b) => (a !== null && Date.parse(a) <= Date.parse(b) ? a : b), null);
}

function sumOf(source: string, parts: readonly Part[]): SourceDetail {
  const counts = Object.fromEntries(
    COUNTS.map((name) => [name, parts.reduce((sum, part) => sum + part[name], 0)]),
  ) as Record<(typeof COUNTS)[number], number>;
  const status = WORST.find((s) => parts.some((p) => p.status === s)) ?? 'fresh';
  const error = parts.find((p) => p.status === status)?.error ?? null;
  return { source, status, asOf: oldest(parts), ...counts, error, parts: [...parts] };
}

export function sourceLedger(rows: readonly RunSource[]): SourceDetail[] {
  const drops = Map.groupBy(rows, (row) => row.drop_name);
  return [...drops].map(([drop, of]) => {
    const parts = of.map(partOf);
    const [only] = parts;
    return parts.length === 1 && only?.source === drop ? only : sumOf(drop, parts);
  });
}
