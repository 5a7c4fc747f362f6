/** Held plans for those who decide: what would change, why it is held, who decided what. */
import { type Guard, type GuardReason, isCity } from '../schemas/guards.ts';
import type { HeldPlanShown, HeldRow } from '../schemas/outputs/holds.ts';
import type { InstitutionRef } from '../schemas/outputs/institution-ref.ts';
import type { Database } from '../warehouse/connect.ts';
import { type Hold, heldPlans, standingHolds } from '../warehouse/holds/standing-holds.ts';
import { heldGroups, heldRows } from '../warehouse/views/held-plans.ts';
import { institutionRefs } from '../warehouse/views/report-institutions.ts';
import { institutionOf } from './report/institution-of.ts';
import { say } from './report/say.ts';

/** Of each kind of change. */
const SAMPLE_ROWS = 8;

const WHY = {
  lost: 'guard-lost',
  leaving: 'guard-leaving',
  changed: 'guard-changed',
  added: 'guard-added',
  'accounts-lost': 'guard-accounts-lost',
  'institutions-added': 'guard-institutions-added',
  'institutions-changed': 'guard-institutions-changed',
  'institutions-ended': 'guard-institutions-ended',
} as const satisfies Record<Guard, string>;

/** A limit that a night is over, in words. */
export const sayGuard = (reason: GuardReason): { zh: string; en: string } => say(WHY[reason.guard], { ...reason });

const TOLD: readonly string[] = [
  'name',
  'title',
  'subjects',
  'status',
  'quasi_public',
  'legal_class',
  'onLeave',
  'isPrimary',
  'state',
];

const shown = (value: unknown): string =>
  value === null || value === undefined || value === ''
    ? '（空白）'
    : Array.isArray(value)
      ? value.join('、') || '（空白）'
      : value === true
        ? '是'
        : value === false
          ? '否'
          : String(value);

/** `教師 → 組長`, of what both sides of a change say. */
function detailOf(before: Record<string, unknown> | null, after: Record<string, unknown> | null): string | null {
  if (before === null || after === null) return null;
  const differing = TOLD.filter(
    (f) => f in before && f in after && JSON.stringify(before[f]) !== JSON.stringify(after[f]),
  );
  return differing.map((f) => `${shown(before[f])} → ${shown(after[f])}`).join('；') || null;
}

interface Described {
  runId: number;
  holdKey: string;
  planHash: string;
  state: HeldPlanShown['state'];
  reasons: readonly GuardReason[];
  institutions: readonly string[];
  changes: number;
  missing: number;
  hold: Hold | null;
}

async function describe(db: Database, plan: Described, limit: number | null): Promise<HeldPlanShown> {
  const { runId, holdKey, hold } = plan;
  const found = await heldRows(db, runId, holdKey, limit);
  const keys = [...new Set([...found.map((r) => r.institution_key), ...(isCity(holdKey) ? [] : [holdKey])])];
  const refs = await institutionRefs(db, keys, 'infinity');
  const refOf = (key: string): InstitutionRef => institutionOf(refs, key);
  const rows = found.map(
    (r): HeldRow => ({
      institution: refOf(r.institution_key),
      group: r.reason,
      name: r.name,
      effective: r.effective,
      detail: detailOf(r.before, r.after),
    }),
  );
  const groups = (await heldGroups(db, runId, holdKey)).map(({ reason, n }) => ({ group: reason, count: n }));
  return {
    institution: isCity(holdKey) ? null : refOf(holdKey),
    institutions: plan.institutions.length,
    planHash: `sha256:${plan.planHash}`,
    state: plan.state,
    reasons: plan.reasons.map((r) => ({ ...r, text: sayGuard(r) })),
    changes: plan.changes,
    missing: plan.missing,
    openedAt: hold?.opened_at ?? null,
    run: String(runId),
    decision: hold?.decision
      ? {
          verdict: hold.decision.verdict,
          by: hold.decision.decided_by,
          reason: hold.decision.reason,
          at: hold.decision.decided_at,
        }
      : null,
    groups: [...(plan.missing > 0 ? [{ group: '未列', count: plan.missing }] : []), ...groups],
    rows,
  };
}

const ofHold = (hold: Hold): Described => ({
  runId: hold.last_run_id,
  holdKey: hold.hold_key,
  planHash: hold.plan_hash,
  state: hold.state,
  reasons: hold.reasons,
  institutions: hold.institutions,
  changes: hold.changes,
  missing: hold.missing,
  hold,
});

/** Plans that stand held now. @param planHash `sha256:…` of one of them, with all its rows */
export async function listHolds(db: Database, planHash: string | null = null): Promise<HeldPlanShown[]> {
  const wanted = planHash?.replace(/^sha256:/, '').toLowerCase();
  const holds = (await standingHolds(db)).filter((h) => wanted === undefined || h.plan_hash === wanted);
  const shownHolds: HeldPlanShown[] = [];
  for (const hold of holds)
    shownHolds.push(await describe(db, ofHold(hold), wanted === undefined ? SAMPLE_ROWS : null));
  return shownHolds;
}

/** What a run kept out of its plan; as its decision stands now where its hold still stands. */
export async function holdsOfRun(db: Database, runId: number): Promise<HeldPlanShown[]> {
  const standing = await standingHolds(db);
  const shownHolds: HeldPlanShown[] = [];
  for (const plan of await heldPlans(db, runId)) {
    if (plan.state === 'released') continue;
    const hold = standing.find((h) => h.hold_key === plan.hold_key && h.plan_hash === plan.plan_hash) ?? null;
    const state = hold?.state ?? (plan.state === 'held' ? 'open' : 'discarded');
    const { hold_key: holdKey, plan_hash: planHash, reasons, institutions, changes, missing } = plan;
    const described = { runId, holdKey, planHash, state, reasons, institutions, changes, missing, hold };
    shownHolds.push(await describe(db, described, SAMPLE_ROWS));
  }
  return shownHolds;
}
