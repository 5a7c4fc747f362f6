import { type ZipEntry, zipOf } from './zip.ts';

const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

export interface XlsxParts {
  /** What stands in `<sheetData>`, or the whole part when it begins with `<?xml`. */
  sheet: string;
  /** After `<sheetData>`: merged cells. */
  after?: string;
  /** The part of shared strings. */
  strings?: string;
  /** The same as an entry of the archive: one that lies, or is too large to be made. */
  stringsEntry?: ZipEntry;
  /** The part of styles. */
  styles?: string;
  workbookPr?: string;
  more?: ZipEntry[];
}

/** An XLSX as a test wants it, part by part: also one that no program would write. */
export function xlsxOf(parts: XlsxParts): Buffer {
  const { sheet, after = '', strings, styles, workbookPr = '', more = [] } = parts;
  const { stringsEntry = strings === undefined ? null : { name: 'xl/sharedStrings.xml', content: strings } } = parts;
  const related = (parts: [kind: string, target: string][]): string =>
    `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${parts
      .map(([kind, target], i) => `<Relationship Id="rId${i + 1}" Type="${OFFICE}/${kind}" Target="${target}"/>`)
      .join('')}</Relationships>`;
  const named: [string, string][] = [['worksheet', 'worksheets/sheet1.xml']];
  if (stringsEntry) named.push(['sharedStrings', 'sharedStrings.xml']);
  if (styles !== undefined) named.push(['styles', 'styles.xml']);
  const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
  return zipOf([
    { name: '[Content_Types].xml', content: `${HEAD}<Types/>` },
    { name: '_rels/.rels', content: related([['officeDocument', 'xl/workbook.xml']]) },
    {
      name: 'xl/workbook.xml',
      content: `${HEAD}<workbook ${main} xmlns:r="${OFFICE}">${workbookPr}<sheets><sheet name="名冊" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    },
    { name: 'xl/_rels/workbook.xml.rels', content: related(named) },
    {
      name: 'xl/worksheets/sheet1.xml',
      content: sheet.startsWith('<?xml')
        ? sheet
        : `${HEAD}<worksheet ${main}><sheetData>${sheet}</sheetData>${after}</worksheet>`,
    },
    ...(stringsEntry ? [stringsEntry] : []),
    ...(styles === undefined ? [] : [{ name: 'xl/styles.xml', content: styles }]),
    ...more,
  ]);
}

/** Rows of plain text, each cell with its own string. */
export const sheetOf = (rows: readonly (readonly string[])[]): string =>
  rows
    .map((cells) => `<row>${cells.map((text) => `<c t="inlineStr"><is><t>${text}</t></is></c>`).join('')}</row>`)
    .join('');

/** `count` shared strings of `length` characters, no two alike. */
export const stringsOf = (count: number, length: number): string =>
  `${HEAD}<sst>${Array.from({ length: count }, (_, i) => `<si><t>${String((i * 2654435761) % 2 ** 32).padStart(length, String(i))}</t></si>`).join('')}</sst>`;

/** An ODS whose one sheet holds `rows`, as XML. */
export const odsOf = (rows: string, head = ''): Buffer =>
  zipOf([
    { name: 'mimetype', content: 'application/vnd.oasis.opendocument.spreadsheet' },
    {
      name: 'content.xml',
      content: `<?xml version="1.0" encoding="UTF-8"?>${head}<office:document-content><office:body><office:spreadsheet><table:table table:name="名冊">${rows}</table:table></office:spreadsheet></office:body></office:document-content>`,
    },
  ]);

export const odsRow = (cells: readonly string[]): string =>
  `<table:table-row>${cells.map((text) => `<table:table-cell office:value-type="string"><text:p>${text}</text:p></table:table-cell>`).join('')}</table:table-row>`;
