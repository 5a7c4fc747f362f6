/** Map item to canonical row. The status before a name is no part of the name: a change to 準公共 is not a change of name. */
import type { InstitutionColumn, RawRow } from '../../schemas/columns.ts';
import type { Issue, Origin } from '../../schemas/records.ts';
import { type MapItem, mapItem } from './wire.ts';

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

/** `unknownFields` collects the names of fields that the map did not have before. */
export function toRow(item: unknown, district: string, origin: Origin, unknownFields: Set<string>): RawRow {
  const values: RawRow['values'] = district === '' ? {} : { district };
  const given: Record<string, unknown> =
    item !== null && typeof item === 'object' ? (item as Record<string, unknown>) : {};
  for (const [field, value] of Object.entries(given)) {
    const column = FIELDS[field as Field];
    if (column === undefined) unknownFields.add(field.slice(0, 40));
    else if (column !== null && typeof value === 'string') values[column] = value;
  }
  const parsed = mapItem.safeParse(item);
  const issues: Issue[] = (parsed.error?.issues ?? []).map(({ path, message }) => {
    const field = String(path[0] ?? '');
    return {
      code: 'raw-field-shape',
      column: FIELDS[field as Field] ?? null,
      value: null,
      params: { field, problem: message },
    };
  });
  if (parsed.success) issues.push(...settleName(values, parsed.data));
  return issues.length > 0 ? { kind: 'institution', values, origin, issues } : { kind: 'institution', values, origin };
}

/** Takes the status off the name. One that contradicts `type` leaves open which of the two is right. */
function settleName(values: RawRow['values'], { name, type }: MapItem): Issue[] {
  const broken = Object.entries(values).filter(([, text]) => !text.isWellFormed() || text.includes('\0'));
  if (broken.length > 0)
    return broken.map(([field]) => ({ code: 'raw-text-broken', column: field, value: null, params: { field } }));
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
