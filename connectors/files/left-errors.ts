/**
 * Errors of formulas that a correction file still holds. There they are text, for a correction file has no formulas: `#N/A` that nobody typed over would
 * pass for an empty cell, `#REF!` for a name. As Excel and LibreOffice show them.
 */
import type { Issue } from '../../schemas/records.ts';
import { cellIssue } from '../tables/batch-builder.ts';

const ERROR = /^(?:#(?:N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)|Err:\d{3})$/;

/** @param places of the cells that columns are read from; @param known what the workbook itself says of the row */
export const leftErrors = (cells: readonly string[], places: readonly number[], known: readonly Issue[]): Issue[] =>
  places.flatMap((place) => {
    const text = (cells[place] ?? '').trim();
    return ERROR.test(text) && !known.some(({ params }) => params?.cell === place + 1)
      ? [cellIssue('raw-cell-error', place + 1, { error: text })]
      : [];
  });
