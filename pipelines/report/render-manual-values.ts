/** Values set by hand, for a terminal of 100 columns. */
import { MANUAL_FIELDS } from '../../schemas/manual-values.ts';
import type { ManualValueLine } from '../../schemas/outputs/manual-values.ts';
import { minute, unitLabel } from './labels.ts';
import { type TextColumn, textTable } from './text-table.ts';

const WIDTH = 100;
const STATUS = { 'in-force': '有效', over: '已過期', expired: '已結束', replaced: '已更換' } as const;

export const manualFieldTitle = (entity: ManualValueLine['entity'], field: string): string =>
  MANUAL_FIELDS[entity][field]?.title ?? field;

const ofWhom = (v: ManualValueLine): string => {
  const unit = v.institution === null ? '' : unitLabel(v.institution);
  if (v.entity === 'institution') return unit;
  return v.entity === 'account' ? `帳號 ${v.id}` : `人員 ${v.id} ${v.name ?? ''}${unit === '' ? '' : `（${unit}）`}`;
};

const ending = (v: ManualValueLine): string =>
  v.end === null ? (v.until === null ? '未定' : `至 ${v.until}`) : `${minute(v.end.at)} ${v.end.by}：${v.end.reason}`;

export function renderManualValues(values: readonly ManualValueLine[]): string {
  if (values.length === 0) return '沒有有效的人工指定。\nNothing is set by hand.';
  const columns: TextColumn<ManualValueLine>[] = [
    { title: '號', of: (v) => String(v.number), align: 'right' },
    { title: '對象', of: ofWhom, flexible: true },
    { title: '欄位', of: (v) => manualFieldTitle(v.entity, v.field) },
    { title: '值', of: (v) => v.value ?? '（無）', flexible: true },
    { title: '狀態', of: (v) => STATUS[v.status] },
    { title: '指定', of: (v) => `${minute(v.setAt)} ${v.by}：${v.reason}`, flexible: true },
    { title: '期限', of: ending, flexible: true },
  ];
  return textTable(columns, values, WIDTH, 0).join('\n');
}
