/**
 * Text in a CSV that a spreadsheet would change by opening and saving it, for nothing there says that a cell is text: `=1+1` is calculated,
 * `064601` loses its zero, `70/05/06` (a ROC year) becomes a day of 1970, twelve digits and more are rounded. An apostrophe in front keeps it,
 * as it does when one types it there. `unmarkText(markText(text))` is `text`, whatever it is. Full-width signs count as what they stand for.
 */

const FORMULA = /^\s*[=+\-@]|^[\t\r]/;
const PLAIN_START = /^[\p{L}\p{N}]/u;

/** Whether a spreadsheet would calculate it. */
export const isFormula = (text: string): boolean =>
  !PLAIN_START.test(text) && (FORMULA.test(text) || FORMULA.test(text.normalize('NFKC').trim()));

/** What both Excel and LibreOffice leave as it is in a plain cell. */
const PLAIN_NUMBER = /^(?:0|[1-9]\d{0,10})$/;
/** Numbers, days and times, in digits with the signs and words that stand between them here; `1e5`, `R113/8/1`. */
const NUMBER_OR_DAY =
  /^(?=.*\d)(?:R(?=\d{1,3}[-/.]))?(?:[\d\s.,:/\-+()%$]|民國|西元|公元|年|月|日|時|分|秒|上午|下午|NT|AM|PM|(?<=\d)[ETZ](?=[\d+-]|$))*$/i;
const WORD = /^(?:true|false)$/i;
/** `mar1`, `5-Sep`: an account's name may well be one. */
const MONTH =
  /^[\d\s\-/.,]*(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)[\d\s\-/.,]*$/i;

function isChanged(text: string): boolean {
  const bare = text.replace(/^'+/, '');
  if (bare === '' || PLAIN_NUMBER.test(bare)) return false;
  const flat = bare.normalize('NFKC').trim();
  return (
    FORMULA.test(bare) ||
    FORMULA.test(flat) ||
    NUMBER_OR_DAY.test(flat) ||
    WORD.test(flat) ||
    (MONTH.test(flat) && /\d/.test(flat))
  );
}

export const markText = (text: string): string => (isChanged(text) ? `'${text}` : text);

/** Takes the apostrophe off that `markText` set; one that belongs to the text stays. */
export const unmarkText = (text: string): string => (text.startsWith("'") && isChanged(text) ? text.slice(1) : text);

/** XML has no sign for these: LibreOffice does not open a workbook that holds one, or shows the code that stands for it. */
const UNWRITABLE = /[^\P{Cc}\t\n]|[\uFFFE\uFFFF]/gu;
const LINE_END = /\r\n?/g;
/** In XLSX `_x0041_` would be an A. */
const XLSX_CODE = /_(?=x[0-9A-Fa-f]{4}_)/g;

/** A text as a cell of an ODS can hold it. */
export const odsText = (text: string): string => text.toWellFormed().replace(LINE_END, '\n').replace(UNWRITABLE, '');

/** A text as a cell of an XLSX can hold it. */
export const xlsxText = (text: string): string => odsText(text).replace(XLSX_CODE, '_x005F_');
