import type { RawRow, StaffColumn } from '../../../../schemas/columns.ts';
import type { Origin } from '../../../../schemas/records.ts';
import type { Block } from './wire.ts';

/** Every title is mapped, ignored by name (null), or told. */
const FIELDS: Readonly<Record<string, StaffColumn | null>> = {
  姓名: 'name',
  身分證: 'nationalId',
  職務: 'title',
  薪額: null,
};

export function toRow(block: Block, origin: Origin, unknownFields: Set<string>): RawRow {
  const values: RawRow['values'] = { staffId: block.number };
  for (const [title, value] of block.fields) {
    const column = FIELDS[title];
    if (column === undefined) unknownFields.add(title.slice(0, 40));
    else if (column !== null) values[column] = value;
  }
  if (!block.broken) return { kind: 'staff', values, origin };
  const issue = {
    code: 'raw-field-shape',
    column: null,
    value: null,
    params: { field: '人員', problem: '不成對的一行' },
  };
  return { kind: 'staff', values, origin, issues: [issue] };
}
