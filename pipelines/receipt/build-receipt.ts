/** One receipt from what the ledger and the warehouse know. Pure: what was read is handed in. */

import { severityOf } from '../../schemas/messages/severity.ts';
import type { QuarantineRow } from '../../schemas/outputs/quarantine.ts';
import { type Receipt, type ReceiptFile, receipt } from '../../schemas/outputs/receipt.ts';
import type { RecordKind } from '../../schemas/records.ts';
import type { DueReceipt } from '../../warehouse/receipts.ts';
import type { DeliveryNotes } from '../land.ts';
import { columnTitle } from '../report/column-titles.ts';
import { say, sayOfMany } from '../report/say.ts';

/** More than a clerk corrects by hand; the correction file has them all. */
export const MOST_ROWS = 200;

export interface ReceiptContext {
  kind: RecordKind;
  /** Name of the school; null where the code is on no list. */
  schoolName: string | null;
  rows: readonly QuarantineRow[];
  openRows: number;
  /** Records of the source whose institution no list knows. */
  waiting: number;
  /** Something of the school is kept out and waits for a decision, or was discarded. */
  held: boolean;
  /** People send tables there, and get them back to correct. */
  correctable: boolean;
  warnings: readonly { code: string; rows: number }[];
  matters: Receipt['matters'];
  dueBy: Receipt['dueBy'];
  contacts: Receipt['contacts'];
}

const codeOf = ({ source }: DueReceipt): string | undefined => source.split('/')[1];
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const textOr = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function fileOf({ complete, asOf, counts, notes }: DeliveryNotes): ReceiptFile {
  const columns = texts(notes.columns).map((pair) => {
    const cut = pair.lastIndexOf('=');
    return { title: pair.slice(0, cut), column: columnTitle(pair.slice(cut + 1)) };
  });
  return {
    name: textOr(notes.file),
    arrivedAt: asOf,
    complete,
    format: textOr(notes.format),
    encoding: textOr(notes.encoding),
    sheet: textOr(notes.sheet),
    headerRow: typeof notes.headerRow === 'number' ? notes.headerRow : null,
    columns,
    ignored: texts(notes.ignoredColumns),
    dropped: texts(notes.droppedColumns),
    counts,
  };
}

function outcomeOf(
  due: DueReceipt,
  deliveries: readonly DeliveryNotes[],
  { waiting, held }: ReceiptContext,
): Receipt['outcome'] {
  if (due.status === 'failed') return 'refused';
  if (deliveries.length > 0 && deliveries.every((d) => d.notes.olderThan !== undefined)) return 'old-file';
  if (deliveries.length > 0 && deliveries.every((d) => d.notes.sameBytesAsBefore === true)) return 'same-as-before';
  if (held) return 'held';
  if (waiting > 0 && waiting >= due.accepted + due.unchanged) return 'waiting';
  return due.quarantined > 0 || waiting > 0 ? 'partly-taken' : 'taken';
}

const MISSING: Readonly<Record<RecordKind, string>> = {
  staff: 'receipt-missing',
  account: 'receipt-missing-accounts',
  course: 'receipt-missing-courses',
  institution: 'receipt-missing-institutions',
};

/** Of the newest complete list: how many known records could not be judged, because of how many rows. */
function notJudgedOf(deliveries: readonly DeliveryNotes[]): { known: number; rows: number } | null {
  const { notJudged, nameless } = deliveries.findLast((d) => d.complete)?.notes ?? {};
  return typeof notJudged === 'number' ? { known: notJudged, rows: Number(nameless ?? 0) } : null;
}

function todoOf(
  due: DueReceipt,
  deliveries: readonly DeliveryNotes[],
  outcome: Receipt['outcome'],
  context: ReceiptContext,
): Receipt['todo'] {
  const todo: Receipt['todo'] = [];
  if (outcome === 'refused') todo.push(say('receipt-refused', {}));
  if (outcome === 'old-file') todo.push(say('receipt-old-file', {}));
  if (outcome === 'held') todo.push(say('receipt-held', {}));
  if (context.waiting > 0) {
    const params = { records: context.waiting, code: codeOf(due) ?? '' };
    todo.push(say(context.schoolName === null ? 'receipt-code-unknown' : 'receipt-institution-unknown', params));
  }
  if (context.openRows > 0)
    todo.push(say(context.correctable ? 'receipt-rows' : 'receipt-rows-of-system', { rows: context.openRows }));
  if (due.missing > 0) todo.push(say(MISSING[context.kind], { count: due.missing }));
  const notJudged = notJudgedOf(deliveries);
  if (notJudged) todo.push(say('receipt-not-judged', notJudged));
  if (context.matters.length > 0) todo.push(say('receipt-matters', { matters: context.matters.length }));
  return todo;
}

export function buildReceipt(due: DueReceipt, context: ReceiptContext): Receipt {
  const notes = due.notes ?? {};
  const deliveries = (notes.deliveries ?? []) as DeliveryNotes[];
  const outcome = outcomeOf(due, deliveries, context);
  const code = codeOf(due);
  const { read, accepted, unchanged, quarantined, excluded, duplicate, missing } = due;
  return receipt.parse({
    run: String(due.run_id),
    clock: due.clock,
    source: due.source,
    kind: context.kind,
    institution: code === undefined || code.startsWith('unknown-') ? null : { code, name: context.schoolName },
    outcome,
    files: deliveries.map(fileOf),
    counts: { read, accepted, unchanged, quarantined, excluded, duplicate, missing, waiting: context.waiting },
    error: due.error_code === null ? null : { code: due.error_code, text: say(due.error_code, due.error_params ?? {}) },
    setAside: [...texts(notes.setAside), ...texts(notes.superseded).map((name) => `${name}: newer-complete-list`)],
    rows: context.rows.slice(0, MOST_ROWS),
    moreRows: Math.max(0, context.openRows - Math.min(context.rows.length, MOST_ROWS)),
    // A value that was left out stands among the rows.
    warnings: context.warnings
      .filter((x) => severityOf({ ...x, column: null }) !== 'value')
      .map(({ code: warning, rows }) => ({ code: warning, rows, text: sayOfMany(warning) })),
    matters: context.matters,
    todo: todoOf(due, deliveries, outcome, context),
    dueBy: context.dueBy,
    contacts: context.contacts,
  });
}
