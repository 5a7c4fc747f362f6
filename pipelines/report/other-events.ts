/** Changes of accounts and of institutions, in words. Pure. */
import type { AccountEvent, InstitutionEvent } from '../../schemas/outputs/report.ts';
import type { AccountChangeRow, InstitutionChangeRow } from '../../warehouse/views/report-changes.ts';
import { differingTitles } from './column-titles.ts';
import type { RefOf } from './person-events.ts';

type Values = Record<string, unknown> | null;

const shown = (values: Values, field: string): string => {
  const value = values?.[field];
  if (typeof value === 'boolean') return value ? '是' : '否';
  return value === null || value === undefined || value === '' ? '（無）' : String(value);
};

/** `field: old → new` for those that differ, in the order given. */
const arrows = (before: Values, after: Values, fields: Readonly<Record<string, string>>): string[] =>
  Object.entries(fields)
    .filter(([field]) => shown(before, field) !== shown(after, field))
    .map(([field, title]) => `${title} ${shown(before, field)} → ${shown(after, field)}`);

export function accountEvent(row: AccountChangeRow): AccountEvent {
  const { before, after } = row;
  const changed = arrows(before, after, { state: '狀態', account_kind: '類別', holder_name: '持有人' });
  if (row.holder_changed) changed.push('持有人身分已不同');
  const others = differingTitles(before, after).filter((title) => title === '啟用日' || title === '最後登入');
  const detail = before === null ? shown(after, 'state') : [...changed, ...others].join('、') || null;
  return {
    group: row.group,
    accountName: row.account_name,
    holder: (after?.holder_name ?? before?.holder_name ?? null) as string | null,
    accountKind: shown(after ?? before, 'account_kind'),
    effective: row.effective,
    rule: row.rule,
    detail,
  };
}

/** Public facts, shown with their values; of the rest only the column is named. */
const SHOWN = {
  name: '名稱',
  status: '營運狀態',
  ownership: '公私立別',
  legal_class: '法定類別',
  section: '學制',
  quasi_public: '準公共',
} as const;

export function institutionEvent(row: InstitutionChangeRow, refOf: RefOf): InstitutionEvent {
  const { before, after } = row;
  const told = arrows(before, after, SHOWN);
  const others = differingTitles(before, after).filter(
    (title) => !['姓名', ...Object.values<string>(SHOWN)].includes(title),
  );
  return {
    group: row.group,
    institution: refOf(row.institution_key),
    effective: row.effective,
    rule: row.rule,
    detail: before === null ? null : [...told, ...others].join('、') || null,
  };
}
