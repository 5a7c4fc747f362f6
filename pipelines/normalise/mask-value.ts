import { PERSONAL_COLUMNS } from '../../schemas/columns.ts';
import type { RecordKind } from '../../schemas/records.ts';
import { bareCode, looksLikeId } from './national-id.ts';

const NAME_COLUMNS: ReadonlySet<string> = new Set(['name', 'holderName', 'principal']);
/** In a column that should not be personal: shifted cells (a comma inside an address) bring ids, phones and e-mails anywhere. */
const LOOKS_PERSONAL = /[a-z]\d{6}|\d{7,}|[0-9a-f]{16}|@|[\u5e74/.-]\d{1,2}[\u6708/.-]\d{1,2}/i;
const LONGEST_SHOWN = 40;

/** First character and at most the last two of a long value; only the first of a short one; nothing of a single character. */
export function maskText(value: string): string {
  const characters = Array.from(value);
  if (characters.length < 2) return '*';
  if (characters.length < 6) return `${characters[0]}${'*'.repeat(characters.length - 1)}`;
  return `${characters[0]}****${characters.slice(-2).join('')}`;
}

/** `陳○`: enough for the clerk who holds the file, besides the row number. */
export function maskName(value: string): string {
  const characters = Array.from(value);
  return characters.length < 2 ? '○' : `${characters[0]}○`;
}

/**
 * The value of an issue as it may be stored, logged and shown (I8). An institution's own name, code and dates are public facts and stay
 * readable: a reviewer of `?葉幼兒園` needs them. A shifted value of six characters cannot be told from a school code and is shown.
 */
export function maskValue(kind: RecordKind, column: string | null, value: string): string {
  if (kind === 'institution' && column === 'name') return shorten(value);
  if (column !== null && NAME_COLUMNS.has(column)) return maskName(value);
  if (column !== null && PERSONAL_COLUMNS.has(column)) return maskText(value);
  return kind !== 'institution' && looksPersonal(value.normalize('NFKC')) ? maskText(value) : shorten(value);
}

/** An identifier may be written with spaces or hyphens, too. */
const looksPersonal = (value: string): boolean => LOOKS_PERSONAL.test(value) || looksLikeId(bareCode(value));

function shorten(value: string): string {
  const characters = Array.from(value.slice(0, LONGEST_SHOWN * 4));
  return characters.length > LONGEST_SHOWN ? `${characters.slice(0, LONGEST_SHOWN).join('')}…` : value;
}
