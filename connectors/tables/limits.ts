/** Caps on what one file may hold (I7). A real roster of the largest school has some 400 rows and 40 columns. */
export const MAX_ROWS = 2_000_000;
export const MAX_COLUMNS = 256;
export const MAX_CELL_LENGTH = 32_768;
/** Characters that one delimited row may take before it is believed to be an unclosed quote that swallows the file. */
export const MAX_ROW_LENGTH = 4 * 1024 * 1024;
/** A workbook is held in memory, so it is smaller than a delimited file may be. */
export const MAX_WORKBOOK_BYTES = 64 * 1024 * 1024;
export const MAX_ARCHIVE_ENTRIES = 2_000;
export const MAX_ARCHIVE_DECODED_BYTES = 200 * 1024 * 1024;
/** Sheets of one value repeated reach 1:100; what is above 1:200 and large is built to hurt. */
export const MAX_ARCHIVE_RATIO = 200;
/** Entries smaller than this are not judged by ratio: a short run of zeros compresses to nothing. */
export const RATIO_FLOOR_BYTES = 8 * 1024 * 1024;
