import { fieldMap } from '../../../../connectors/json-item.ts';
import { fieldName, type ShapeCollector, withFindings } from '../../../../connectors/json-shape.ts';
import { putText } from '../../../../connectors/storable-values.ts';
import type { RawRow } from '../../../../schemas/columns.ts';
import type { RowDrift } from '../../../../schemas/drift.ts';
import type { Issue, Origin } from '../../../../schemas/records.ts';
import type { Block } from './wire.ts';

/** Every title is mapped, ignored by name (null), or drift. */
const FIELDS = fieldMap({
  姓名: 'name',
  身分證: 'nationalId',
  職務: 'title',
  薪額: null,
});

export function toRow(block: Block, origin: Origin, shape: ShapeCollector): RawRow {
  const values: RawRow['values'] = { staffId: block.number };
  const drift: RowDrift[] = [];
  const issues: Issue[] = [];
  for (const [title, value] of block.fields) {
    const column = FIELDS.get(title);
    shape.add(fieldName(title), column ?? null, value, 'staff');
    if (column === undefined) drift.push({ kind: 'unknown-column', field: fieldName(title), column: null });
    else if (column !== null) putText(values, issues, column, fieldName(title), value);
  }
  const params = { field: '人員', problem: '不成對的一行' };
  if (block.broken) issues.push({ code: 'raw-field-shape', column: null, value: null, params });
  return withFindings({ kind: 'staff', values, origin }, issues, drift);
}
