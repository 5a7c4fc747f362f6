/**
 * The correction file of one school: the rows that were not taken whole, in the school's own layout and words, read again from the kept originals, with
 * a 說明 beside each. Sent back it counts as changes, and closes what it corrects (schemas/correction.ts).
 */
import type { ConnectorContext, SentTable } from '../../connectors/contract.ts';
import { CHANGES_LINE, CORRECTION_TITLES, correctionReference, deletableLines } from '../../schemas/correction.ts';
import { ExpectedError } from '../../schemas/expected-error.ts';
import { CORRECTED_BY_DELETION } from '../../schemas/messages/severity.ts';
import type { CorrectionExported } from '../../schemas/outputs/quarantine.ts';
import { objectsById, readObject } from '../../warehouse/landing/objects.ts';
import { openQuarantine, type QuarantinedRow } from '../../warehouse/landing/quarantine.ts';
import type { PipelineContext } from '../context.ts';
import type { SourceSpec } from '../land.ts';
import { issueOf } from './list-quarantine.ts';
import { keepsTypedText, writeTable } from './write-table.ts';

const MOST_ROWS = 100_000;
const HELP = [
  '本檔只列未採用的資料列。請依「說明」欄更正後，把本檔放回收件匣即可；不需附上其他人員，也不會使未列出的人員被視為離開。',
  '請勿更動「說明」欄的更正編號；不屬於本校的列請整列刪除。欄位名稱以上的各行請保留。',
] as const;
const HELP_CSV =
  "試算表軟體開啟 CSV 時，會把輸入的民國日期改成西元年、刪去開頭的 0：輸入日期、電話、代碼時，請在最前面加半形單引號（'）；已有的單引號請保留。";

/** What is wrong with a row and what to do, for the clerk: values are in the row itself, so none is repeated here. */
function explain(row: QuarantinedRow): string {
  // A doubt alone is no reason, and its text says that the row was taken.
  const issues = row.issues.map(issueOf).filter(({ severity }) => severity !== 'doubt');
  const said = issues.map(({ title, text }) => `${title ? `「${title}」欄：` : ''}${text.zh}`);
  const lines = said.length === 1 ? said : said.map((text, i) => `(${i + 1}) ${text}`);
  return `${lines.join(' ')} ${correctionReference(row.id)}`;
}

/** Rows of older files are laid out as the newest: by title, else by what the title means; columns that it lacks are added at the right. */
class Layout {
  readonly titles: string[];
  readonly letterhead: string | null;
  private readonly columns: (string | null)[];

  constructor(newest: SentTable) {
    this.titles = [...newest.titles];
    this.letterhead = newest.letterhead;
    this.columns = [...newest.columns];
  }

  place({ titles, columns }: SentTable, cells: readonly string[]): string[] {
    const row: string[] = [];
    for (const [i, cell] of cells.entries()) {
      const title = titles[i] ?? '';
      const column = columns[i] ?? null;
      // The note of an earlier correction file gives way to the new one.
      if (column === 'correction') continue;
      let at = this.titles[i] === title ? i : title === '' ? -1 : this.titles.indexOf(title);
      if (at === -1 && column !== null) at = this.columns.indexOf(column);
      if (at === -1 && cell === '') continue;
      if (at === -1) {
        at = this.titles.push(title) - 1;
        this.columns[at] = column;
      }
      row[at] = cell;
    }
    return Array.from(this.titles, (_, i) => row[i] ?? '');
  }

  /** Where 說明 stands: its own place in an earlier correction file, else after the last column. */
  note(): { at: number; title: string } {
    const known = this.columns.indexOf('correction');
    if (known !== -1 && known === this.titles.length - 1) return { at: known, title: this.titles[known] as string };
    const title = this.titles.includes(CORRECTION_TITLES[0]) ? CORRECTION_TITLES[1] : CORRECTION_TITLES[0];
    return { at: this.titles.length, title };
  }
}

/**
 * @param source one school's source, `roster/064601`
 * @throws ExpectedError where nothing is open, or no original is kept any more
 */
export async function exportCorrection(
  ctx: PipelineContext,
  spec: SourceSpec,
  source: string,
  file: string,
): Promise<CorrectionExported> {
  const { sentRows } = spec.connector;
  if (!sentRows) throw new ExpectedError(`${source}: nobody sends tables there, so there is nothing to send back`);
  const rows = await openQuarantine(ctx.db, { sources: [source], institution: null, limit: MOST_ROWS });
  if (rows.length === 0) throw new ExpectedError(`${source}: nothing is quarantined`);
  const byObject = Map.groupBy(rows, (row) => row.object_id);
  const objects = (await objectsById(ctx.db, [...byObject.keys()])).sort((a, b) => b.id - a.id);
  const reading: ConnectorContext = { log: ctx.log, signal: ctx.signal, now: new Date(0).toISOString() };
  let layout: Layout | null = null;
  const placed: { cells: string[]; row: QuarantinedRow }[] = [];
  for (const { id, name, mediaType, bytes, removed } of objects) {
    if (removed) continue;
    const wrong = byObject.get(id) as QuarantinedRow[];
    const object = { name, mediaType, bytes, body: () => readObject(ctx.db, ctx.keyring, id) };
    const table = await sentRows(object, source, new Set(wrong.map((row) => row.row_no)), reading);
    layout ??= new Layout(table);
    for (const row of wrong.toSorted((a, b) => a.row_no - b.row_no)) {
      const cells = table.rows.get(row.row_no);
      if (cells) placed.push({ cells: layout.place(table, cells), row });
    }
  }
  if (layout === null) throw new ExpectedError(`${source}: the originals of what is quarantined are no longer kept`);
  const note = layout.note();
  const wide = (cells: readonly string[], last: string): string[] => [
    ...Array.from({ length: note.at }, (_, i) => cells[i] ?? ''),
    last,
  ];
  const deletable = rows.filter((row) => CORRECTED_BY_DELETION.has(row.issues[0]?.code ?? '')).map((row) => row.id);
  const head = [
    CHANGES_LINE,
    ...(layout.letterhead === null ? [] : [layout.letterhead]),
    `學校代碼：${source.split('/')[1]}`,
    ...HELP,
    ...(keepsTypedText(file) ? [] : [HELP_CSV]),
    ...deletableLines(deletable.toSorted((a, b) => a - b)),
  ];
  await writeTable(file, {
    sheet: '更正檔',
    rows: [
      ...head.map((line) => [line]),
      wide(layout.titles, note.title),
      ...placed.map(({ cells, row }) => wide(cells, explain(row))),
    ],
  });
  ctx.log.info({ source, rows: placed.length }, 'correction file written');
  return { source, file, rows: placed.length, withoutOriginal: rows.length - placed.length };
}
