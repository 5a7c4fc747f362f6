import { fieldMap, type ItemShape, readItem } from '../../../../connectors/json-item.ts';
import { type ShapeCollector, withFindings } from '../../../../connectors/json-shape.ts';
import type { RawRow } from '../../../../schemas/columns.ts';
import type { Origin } from '../../../../schemas/records.ts';
import { personShape } from './wire.ts';

/** Every field is mapped, ignored by name (null), or drift. */
const PERSON: ItemShape = {
  kind: 'staff',
  schema: personShape,
  fields: fieldMap({ no: 'staffId', fullName: 'name', idNumber: 'nationalId', post: 'title', room: null }),
};

export function toRow(person: unknown, school: string, origin: Origin, shape: ShapeCollector): RawRow {
  const values: RawRow['values'] = { institutionCode: school };
  const { issues, drift } = readItem(person, PERSON, values, shape);
  return withFindings({ kind: 'staff', values, origin }, issues, drift);
}
