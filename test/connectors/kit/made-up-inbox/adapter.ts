import { fieldName, type ShapeCollector, withFindings } from '../../../../connectors/json-shape.ts';
import { putText } from '../../../../connectors/storable-values.ts';
import { BROKEN, brokenIssue } from '../../../../connectors/tables/batch-builder.ts';
import type { Column, RawRow } from '../../../../schemas/columns.ts';
import type { RowDrift } from '../../../../schemas/drift.ts';
import type { Issue } from '../../../../schemas/records.ts';
import type { Line } from './wire.ts';

/** By their places; the number of the person's card is not taken. */
const FIELDS: readonly (Column | null)[] = ['staffId', 'name', 'nationalId', 'title', null];

/** @param width that the lines of the file have. A field beyond those we know has no name but its place: `#6`. */
export function toRow(line: Line, width: number, school: string, object: number, shape: ShapeCollector): RawRow {
  const values: RawRow['values'] = { institutionCode: school };
  const issues: Issue[] = [];
  const drift: RowDrift[] = [];
  for (const [i, text] of line.fields.slice(0, width).entries()) {
    const field = fieldName(`#${i + 1}`);
    const column = FIELDS[i];
    shape.add(field, column ?? null, text, 'staff');
    if (column === undefined) drift.push({ kind: 'unknown-column', field, column: null });
    else if (column !== null && text.includes(BROKEN)) issues.push({ ...brokenIssue(text, i + 1), column });
    else if (column !== null) putText(values, issues, column, field, text);
  }
  const params = { field: '欄數', problem: `${line.fields.length}，應為 ${width}` };
  if (line.fields.length !== width) issues.push({ code: 'raw-field-shape', column: null, value: null, params });
  return withFindings({ kind: 'staff', values, origin: { object, row: line.number } }, issues, drift);
}
