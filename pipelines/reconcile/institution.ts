/** What one institution's record means for the warehouse. Pure. */
import type { InstitutionRow, PlanChange } from '../../schemas/plan.ts';

const FIELDS = [
  'name',
  'section',
  'ownership',
  'legal_class',
  'quasi_public',
  'district',
  'address',
  'phone',
  'principal',
  'parent_school_code',
  'status',
] as const;

/** First that differs names the reason. */
const REASONS: Readonly<Partial<Record<(typeof FIELDS)[number], string>>> = { status: '停辦或復辦', name: '更名' };

export function reconcileInstitution(
  row: InstitutionRow,
  path: 'school' | 'kindergarten',
  system: string,
): PlanChange | null {
  const after = Object.fromEntries(FIELDS.map((f) => [f, row[f]]));
  const base = {
    entity: 'institution' as const,
    institutionKey: `${row.source}:${row.key}`,
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
  if (row.current === null) {
    return {
      ...base,
      action: 'add',
      reason: '新增機構',
      before: null,
      after: { ...after, path, system, code: row.code },
    };
  }
  const current = row.current;
  const before = Object.fromEntries(FIELDS.map((f) => [f, current[f] ?? null]));
  const differing = FIELDS.filter((f) => before[f] !== after[f]);
  if (differing.length === 0) return null;
  const reason = (['status', 'name'] as const).find((f) => differing.includes(f));
  return { ...base, action: 'change', reason: (reason && REASONS[reason]) ?? '機構資料更正', before, after };
}
