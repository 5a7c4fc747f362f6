/**
 * What a correction file still holds as it was. Errors of formulas are text there, for a correction file has no formulas: `#N/A` that nobody typed over
 * would pass for an empty cell, `#REF!` for a name (as Excel and LibreOffice show them). So is the sign for a character that broke.
 */
import type { Issue } from '../../schemas/records.ts';
import { BROKEN, brokenIssue, cellIssue } from '../tables/batch-builder.ts';

const ERROR = /^(?:#(?:N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)|Err:\d{3})$/;

/** @param places of the cells that columns are read from; @param known what the workbook itself says of the row */
export const leftErrors = (cells: readonly string[], places: readonly number[], known: readonly Issue[]): Issue[] =>
  places.flatMap((place) => {
    const text = (cells[place] ?? '').trim();
    if (known.some(({ params }) => params?.cell === place + 1)) return [];
    if (text.includes(BROKEN)) return [brokenIssue(text, place + 1)];
    return ERROR.test(text) ? [cellIssue('raw-cell-error', place + 1, { error: text })] : [];
  });
