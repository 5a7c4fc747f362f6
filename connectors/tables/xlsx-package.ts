/** What an XLSX workbook is made of: its visible sheets in order, where their parts lie, how it counts dates and which styles are dates. */
import { posix } from 'node:path';
import { SSF } from '@e965/xlsx';
import { SourceError } from '../../schemas/source-error.ts';
import { readWholeXml, type XmlHandler } from './xml-events.ts';
import { type ArchiveEntry, entryPieces } from './zip-archive.ts';

export interface XlsxPackage {
  sheets: { name: string; part: ArchiveEntry }[];
  strings: ArchiveEntry | null;
  date1904: boolean;
  /** By the number of a cell's style: its number is a date. */
  dateStyles: readonly boolean[];
}

interface Relation {
  kind: string;
  target: string;
}

const MAX_STYLES = 100_000;

/** @throws SourceError `file-workbook-broken`, `file-doctype`, `file-archive-broken` */
export async function openPackage(bytes: Buffer, entries: readonly ArchiveEntry[], file: string): Promise<XlsxPackage> {
  const parts = new Map(entries.map((entry) => [entry.name.toLowerCase(), entry]));
  const partAt = (path: string): ArchiveEntry => {
    const found = parts.get(path.toLowerCase());
    if (!found) throw new SourceError('file-workbook-broken', { file });
    return found;
  };
  const scan = (part: ArchiveEntry, open: XmlHandler['open']): Promise<void> =>
    readWholeXml(entryPieces(bytes, part, file), file, { open: open! });
  const relations = async (of: string): Promise<Map<string, Relation>> => {
    const found = new Map<string, Relation>();
    await scan(partAt(posix.join(posix.dirname(of), '_rels', `${posix.basename(of)}.rels`)), (name, attributes) => {
      if (name !== 'Relationship' || attributes.TargetMode === 'External') return;
      const target = attributes.Target ?? '';
      const path = target.startsWith('/') ? target.slice(1) : posix.join(posix.dirname(of), target);
      found.set(attributes.Id ?? '', { kind: (attributes.Type ?? '').split('/').at(-1)!, target: path });
    });
    return found;
  };

  const root = [...(await relations('')).values()].find(({ kind }) => kind === 'officeDocument');
  if (!root) throw new SourceError('file-workbook-broken', { file });
  const related = await relations(root.target);
  const sheets: XlsxPackage['sheets'] = [];
  let date1904 = false;
  await scan(partAt(root.target), (name, attributes) => {
    if (name === 'workbookPr') date1904 = attributes.date1904 === '1' || attributes.date1904 === 'true';
    if (name !== 'sheet' || /^(very)?hidden$/i.test(attributes.state ?? '')) return;
    const id = Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1];
    const relation = related.get(id ?? '');
    // Charts and macro sheets are sheets too, of another kind.
    if (relation?.kind === 'worksheet') sheets.push({ name: attributes.name ?? '', part: partAt(relation.target) });
    else if (!relation) throw new SourceError('file-workbook-broken', { file });
  });
  const only = (kind: string): ArchiveEntry | null => {
    const relation = [...related.values()].find((r) => r.kind === kind);
    return relation ? partAt(relation.target) : null;
  };
  const styles = only('styles');
  return {
    sheets,
    strings: only('sharedStrings'),
    date1904,
    dateStyles: styles ? await readDateStyles(entryPieces(bytes, styles, file), file) : [],
  };
}

async function readDateStyles(pieces: AsyncIterable<Buffer>, file: string): Promise<boolean[]> {
  const builtIn = SSF.get_table() as Record<number, string>;
  const own = new Map<number, string>();
  const styles: boolean[] = [];
  let inCellFormats = false;
  await readWholeXml(pieces, file, {
    open(name, attributes) {
      if (name === 'numFmt') own.set(Number(attributes.numFmtId), attributes.formatCode ?? '');
      else if (name === 'cellXfs') inCellFormats = true;
      else if (name === 'xf' && inCellFormats && styles.length < MAX_STYLES) {
        const id = Number(attributes.numFmtId ?? 0);
        styles.push(isDateFormat(id, own.get(id) ?? builtIn[id] ?? ''));
      }
    },
    close(name) {
      if (name === 'cellXfs') inCellFormats = false;
    },
  });
  return styles;
}

/** Numbers 27 to 36 and 50 to 58 are dates of East Asian versions of Excel, which write no format code for them. */
const isDateFormat = (id: number, code: string): boolean =>
  (id >= 27 && id <= 36) || (id >= 50 && id <= 58) || (code.length <= 255 && SSF.is_date(code));
