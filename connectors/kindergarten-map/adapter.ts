/** Map item to canonical row. The status before a name is no part of the name: a change to 準公共 is not a change of name. */
import type { InstitutionColumn, RawRow } from '../../schemas/columns.ts';
import { type MapItem, mapItem } from '../../schemas/kindergarten-map.ts';
import type { Issue, Origin } from '../../schemas/records.ts';
import { asText, fieldName, judge, type ShapeCollector, withFindings } from '../json-shape.ts';

type Field = 'newsch' | 'lat' | 'lng' | 'sid' | 'name' | 'type';

/** null is ignored by name: coordinates jitter, so they are no fact about the kindergarten. */
const FIELDS: Readonly<Record<Field, InstitutionColumn | null>> = {
  newsch: null,
  lat: null,
  lng: null,
  sid: 'code',
  name: 'name',
  type: 'ownership',
};

const STATUS = /^[(（](公立|私立|非營利|準公共)[)）]\s*/;
const WORD_OF: Readonly<Record<string, string>> = { spub0: '公立', spub1: '私立', spub2: '非營利', spub3: '準公共' };

const NO_ITEM: Readonly<Record<string, unknown>> = {};
const columnOf = (field: string): InstitutionColumn | null => FIELDS[field as Field] ?? null;

/** `shape` collects the fields of all items. */
export function toRow(item: unknown, district: string, origin: Origin, shape: ShapeCollector): RawRow {
  const values: RawRow['values'] = district === '' ? {} : { district };
  const given =
    item !== null && typeof item === 'object' && !Array.isArray(item) ? (item as Record<string, unknown>) : NO_ITEM;
  const parsed = mapItem.safeParse(item);
  const { issues, drift } = judge(parsed.error?.issues ?? [], given, columnOf, fieldName);
  for (const [field, value] of Object.entries(given)) {
    const column = FIELDS[field as Field];
    shape.add(fieldName(field), column ?? null, value, 'institution');
    if (column === undefined) drift.push({ kind: 'unknown-column', field: fieldName(field), column: null });
    const text = column === undefined || column === null ? null : asText(value);
    if (text === null) continue;
    if (!text.isWellFormed() || text.includes('\0'))
      issues.push({ code: 'raw-text-broken', column: column as InstitutionColumn, value: null, params: { field } });
    else values[column as InstitutionColumn] = text;
  }
  if (parsed.success && issues.length === 0) issues.push(...settleName(values, parsed.data));
  return withFindings({ kind: 'institution', values, origin }, issues, drift);
}

/** Takes the status off the name. One that contradicts `type` leaves open which of the two is right. */
function settleName(values: RawRow['values'], { name, type }: MapItem): Issue[] {
  const status = STATUS.exec(name);
  if (!status) return [];
  const word = WORD_OF[type];
  if (word !== undefined && word !== status[1])
    return [
      { code: 'raw-map-status', column: 'ownership', value: type, params: { type, status: status[1] as string } },
    ];
  values.name = name.slice(status[0].length);
  return [];
}
