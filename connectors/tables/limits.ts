/** Caps on what one file may hold, and on what reading it may take (I7). A real roster of the largest school has some 400 rows and 40 columns. */
export const MAX_ROWS = 2_000_000;
export const MAX_COLUMNS = 256;
export const MAX_CELL_LENGTH = 32_768;
/**
 * Characters that one delimited row may take before it is believed to be an unclosed quote that swallows the file. The row is parsed
 * anew with every piece that comes, and papaparse notes every odd quote of it: four times as much took a second and 900 MiB.
 */
export const MAX_ROW_LENGTH = 1024 * 1024;
/** A workbook is held in memory, so it is smaller than a delimited file may be. */
export const MAX_WORKBOOK_BYTES = 64 * 1024 * 1024;
/** Of an XLS workbook all cells are held in memory, and ODS is slow to read: who has more rows than any school is asked for CSV or XLSX. */
export const MAX_ROWS_XLS_ODS = 20_000;
/** Rows that a look at the head of a workbook may be content with: more than letterhead and titles take. */
export const HEAD_ROWS = 100;
/** Blank rows before a filled one, in a workbook. A cell further down than that was touched by mistake, or put there to hurt. */
export const MAX_BLANK_ROWS = 10_000;
export const MAX_ARCHIVE_ENTRIES = 2_000;
export const MAX_ARCHIVE_DECODED_BYTES = 200 * 1024 * 1024;
/** Sheets of one value repeated reach 1:100; what is above 1:200 and large is built to hurt. */
export const MAX_ARCHIVE_RATIO = 200;
/** Entries smaller than this are not judged by ratio: a short run of zeros compresses to nothing. */
export const RATIO_FLOOR_BYTES = 8 * 1024 * 1024;

/** What a child process that reads workbooks may take. */
export interface ParserLimits {
  /** JavaScript's own heap, MiB. */
  heapMiB: number;
  /** All of the process, buffers included, MiB; looked at every 20 ms, so that it may be passed by what 20 ms can take. */
  memoryMiB: number;
  /** For one file, while somebody waits for rows; the time that the database takes in between does not count. */
  seconds: number;
}
export const PARSER_LIMITS: ParserLimits = { heapMiB: 256, memoryMiB: 416, seconds: 120 };
