import { MANUAL_FIELDS } from '../../schemas/manual-values.ts';
import {
  type Finding,
  INSTITUTION_FIELDS,
  type InstitutionRow,
  type ManualValue,
  type PlanChange,
} from '../../schemas/plan.ts';
import { byCause, causeOf, superfluous, superfluousParams, withHand } from './manual.ts';
import { sameOwnName } from './own-name.ts';

/** A source that has more of a word than the one so far says the same: only whose word it is changes. */
const TAKEN_OVER = '改由上位來源認定';

/** What to call a change: the first of these that differs says it. */
function reasonOf(before: Values, after: Values): string | null {
  const differs = (field: (typeof INSTITUTION_FIELDS)[number]): boolean => before[field] !== after[field];
  if (differs('status')) return '停辦或復辦';
  if (differs('name')) return sameOwnName(String(before.name), String(after.name)) ? '設立主體異動' : '更名';
  if (differs('quasi_public')) return '準公共異動';
  return INSTITUTION_FIELDS.some(differs) ? '機構資料更正' : null;
}

type Values = Readonly<Record<string, unknown>>;

/** What the sources say of an institution by themselves, though somebody set it by hand. Pure. */
export function superfluousOfInstitution(row: InstitutionRow, manual: readonly ManualValue[]): Finding | null {
  const found = superfluous(Object.fromEntries(INSTITUTION_FIELDS.map((f) => [f, row[f]])), manual);
  if (found.length === 0) return null;
  const params = superfluousParams(found, MANUAL_FIELDS.institution);
  const institutionKey = `${row.source}:${row.key}`;
  return { code: 'manual-value-superfluous', institutionKey, subject: null, personRef: null, params };
}

/**
 * What one institution's record means for the warehouse. Pure.
 * @param manual what was ever set by hand of it, newest first
 * @returns null where nothing changes
 */
export function reconcileInstitution(row: InstitutionRow, manual: readonly ManualValue[] = []): PlanChange | null {
  const institutionKey = `${row.source}:${row.key}`;
  const after = withHand(Object.fromEntries(INSTITUTION_FIELDS.map((f) => [f, row[f]])), manual);
  const base = {
    entity: 'institution' as const,
    institutionKey,
    source: row.source,
    sourceKey: row.key,
    personRef: null,
    entityId: row.institution_id,
    rule: 'R14',
    effective: row.registered_at.slice(0, 10),
    registeredAt: row.registered_at,
    objectId: row.object_id,
    rowNo: row.row_no,
  };
  const { current, path, system, code } = row;
  if (current === null) {
    return { ...base, action: 'add', reason: '新增機構', before: null, after: { ...after, path, system, code } };
  }
  const before = Object.fromEntries(INSTITUTION_FIELDS.map((f) => [f, current[f] ?? null]));
  const reason = reasonOf(before, after) ?? (row.known_as === institutionKey ? null : TAKEN_OVER);
  if (reason === null) return null;
  const bySource = { ...base, action: 'change' as const, reason, before, after };
  return { ...bySource, ...byCause(causeOf(before, after, manual), row.registered_at) };
}
