/** Map item to canonical row. The status before a name is no part of the name: a change to 準公共 is not a change of name. */
import type { RawRow } from '../../schemas/columns.ts';
import { mapItem } from '../../schemas/kindergarten-map.ts';
import type { Issue, Origin } from '../../schemas/records.ts';
import { fieldMap, type ItemShape, readItem } from '../json-item.ts';
import { type ShapeCollector, withFindings } from '../json-shape.ts';

const ITEM: ItemShape = {
  kind: 'institution',
  schema: mapItem,
  fields: fieldMap({
    // Ignored by name: coordinates jitter, so they are no fact about the kindergarten.
    newsch: null,
    lat: null,
    lng: null,
    sid: 'code',
    name: 'name',
    type: 'ownership',
  }),
};

const STATUS = /^[(（](公立|私立|非營利|準公共)[)）]\s*/;
const WORD_OF: ReadonlyMap<string, string> = new Map([
  ['spub0', '公立'],
  ['spub1', '私立'],
  ['spub2', '非營利'],
  ['spub3', '準公共'],
]);

/** `shape` collects the fields of all items. */
export function toRow(item: unknown, district: string, origin: Origin, shape: ShapeCollector): RawRow {
  const values: RawRow['values'] = district === '' ? {} : { district };
  const { issues, drift } = readItem(item, ITEM, values, shape);
  const asAgreed = issues.length === 0 && drift.every(({ kind }) => kind !== 'wrong-type');
  if (asAgreed) issues.push(...settleName(values));
  return withFindings({ kind: 'institution', values, origin }, issues, drift);
}

/** Takes the status off the name. One that contradicts `type` leaves open which of the two is right. */
function settleName(values: RawRow['values']): Issue[] {
  const { name = '', ownership: type = '' } = values;
  const status = STATUS.exec(name);
  if (!status) return [];
  const word = WORD_OF.get(type);
  if (word !== undefined && word !== status[1])
    return [
      { code: 'raw-map-status', column: 'ownership', value: type, params: { type, status: status[1] as string } },
    ];
  values.name = name.slice(status[0].length);
  return [];
}
