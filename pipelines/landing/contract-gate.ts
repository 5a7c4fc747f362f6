/**
 * Holds one delivery against its source's contract while it is read. Rows pass through one by one; what is not as agreed is counted, and the
 * contract's modes decide whether the row, or in the end the whole delivery, is kept out. Fields are held against the shape that was last accepted: the
 * first delivery of a source is its own measure. Pure: the caller keeps the shapes.
 */
import type { Column, RawRow } from '../../schemas/columns.ts';
import { CONTRACT_VALUES } from '../../schemas/contracts.ts';
import {
  type ContractModes,
  type Deviation,
  type DriftKind,
  type DriftMode,
  fieldFinder,
  type ShapeField,
  type SourceShape,
} from '../../schemas/drift.ts';
import type { RowIssueCode } from '../../schemas/messages/rows.ts';
import { type Issue, RECORD_KINDS, type RecordKind } from '../../schemas/records.ts';
import { codedColumns, isKnownValue } from '../normalise/known-values.ts';
import { maskValue } from '../normalise/mask-value.ts';

/** Different values and fields that are told; a shifted column would bring as many as there are rows. */
const TOLD_AT_MOST = 30;

export interface Verdict {
  /** What came, to be kept beside the accepted shape. */
  observed: SourceShape;
  /** The shape that the next delivery is held against. */
  accepted: SourceShape;
  /** What is to be told; nothing of mode `accept`. */
  drift: Deviation[];
  /** The whole delivery is kept out. */
  refused: boolean;
  /** Kinds of record of which every row is kept out, and what for. */
  everyRow: Partial<Record<RecordKind, Issue>>;
}

/** A column of few values, and the spellings of them seen so far: a roster has a handful, looked up once. */
interface Watched {
  column: Column;
  good: Set<string>;
}
const REMEMBERED = 1000;

/** Without a contract everything is accepted. */
const ACCEPT: ContractModes = {
  'unknown-column': 'accept',
  'missing-column': 'accept',
  'new-value': 'accept',
  'wrong-type': 'accept',
};

/** Accepted fields as they are mapped today: what is done with a field is ours to change, and nobody is asked about it. */
function asMapped(accepted: readonly ShapeField[], came: readonly ShapeField[]): ShapeField[] {
  const today = new Map(came.map((field) => [field.name, field]));
  return accepted.map((field) => ({ ...field, column: (today.get(field.name) ?? field).column }));
}

const shownField = ({ name, types }: ShapeField): string => (types ? `${name}（${types.join('、')}）` : name);

export class ContractGate {
  private readonly modes: ContractModes;
  private readonly accepted: SourceShape | null;
  /** Their names. */
  private readonly acceptedFields: ReadonlySet<string>;
  private readonly deviations = new Map<string, Deviation>();
  private readonly values: Record<string, string[]> = {};
  private readonly watched: Readonly<Record<RecordKind, Watched[]>>;
  private readonly rows: Record<RecordKind, number> = { institution: 0, staff: 0, account: 0, course: 0 };

  /** @param accepted null for a source that was never heard */
  constructor(modes: ContractModes = ACCEPT, accepted: SourceShape | null = null) {
    this.modes = modes;
    this.accepted = accepted;
    this.acceptedFields = new Set(accepted?.fields.map(({ name }) => name));
    const watch = modes['new-value'] !== 'accept';
    const of = (kind: RecordKind): Watched[] =>
      watch ? codedColumns(kind).map((column) => ({ column, good: new Set() })) : [];
    this.watched = { institution: of('institution'), staff: of('staff'), account: of('account'), course: of('course') };
  }

  /** @returns the row, with an issue more for each thing that quarantines it */
  pass(row: RawRow): RawRow {
    this.rows[row.kind] += 1;
    let issues: Issue[] | null = null;
    if (row.drift !== undefined) {
      for (const { kind, field, column, expected, found } of row.drift) {
        if (kind === 'unknown-column' && (this.accepted === null || this.acceptedFields.has(field))) continue;
        const [before, after] = kind === 'wrong-type' ? [expected ?? null, found ?? null] : [null, field];
        const mode = this.note(kind, field, before, after, 1, this.modeOf(kind, column));
        if (mode === 'quarantine-row') issues = [...(issues ?? []), rowIssue(kind, field, column, after)];
      }
    }
    const watched = this.watched[row.kind];
    for (let i = 0; i < watched.length; i++) {
      const { column, good } = watched[i] as Watched;
      const value = row.values[column];
      if (value === undefined || value === '' || good.has(value) || this.isGood(row.kind, column, value, good))
        continue;
      const shown = maskValue(row.kind, column, value);
      const agreed = CONTRACT_VALUES[row.kind][column]?.join('、') ?? null;
      if (this.note('new-value', column, agreed, shown) === 'quarantine-row')
        issues = [...(issues ?? []), rowIssue('new-value', column, column, shown)];
    }
    return issues === null ? row : { ...row, issues: [...(row.issues ?? []), ...issues] };
  }

  /** @param fields every field of the delivery, as its connector noted it; none where a connector does not say */
  finish(fields: readonly ShapeField[]): Verdict {
    const everyRow = fields.length === 0 ? {} : this.compareFields(fields);
    const drift = [...this.deviations.values()].filter(({ mode }) => mode !== 'accept');
    const observed: SourceShape = { fields: [...fields], values: this.values };
    const known = this.accepted?.values ?? {};
    const accepted: SourceShape =
      this.accepted === null || drift.length === 0
        ? { fields: fields.length > 0 ? [...fields] : (this.accepted?.fields ?? []), values: known }
        : { ...this.accepted, fields: asMapped(this.accepted.fields, fields) };
    return { observed, accepted, drift, refused: drift.some(({ mode }) => mode === 'quarantine-source'), everyRow };
  }

  private compareFields(fields: readonly ShapeField[]): Verdict['everyRow'] {
    if (this.accepted === null) return {};
    const everyRow: Verdict['everyRow'] = {};
    const came = fieldFinder(fields);
    const known = fieldFinder(this.accepted.fields);
    const tell = (drift: DriftKind, field: ShapeField, before: string | null, after: string | null): void => {
      const kinds = field.kind ? [field.kind] : RECORD_KINDS.filter((kind) => this.rows[kind] > 0);
      const rows = kinds.reduce((sum, kind) => sum + this.rows[kind], 0);
      if (this.note(drift, field.name, before, after, rows) !== 'quarantine-row') return;
      for (const kind of kinds) everyRow[kind] ??= rowIssue(drift, field.name, field.column, after);
    };
    for (const field of fields) {
      // Of a source with types each row told by itself that it has the field.
      if (!known(field) && !field.types) tell('unknown-column', field, null, field.name);
    }
    for (const field of this.accepted.fields) {
      if (!came(field)) tell('missing-column', field, shownField(field), null);
    }
    return everyRow;
  }

  private isGood(kind: RecordKind, column: Column, value: string, good: Set<string>): boolean {
    const known =
      isKnownValue(kind, column, value) ||
      (this.accepted?.values[column]?.includes(maskValue(kind, column, value)) ?? false);
    if (known && good.size < REMEMBERED) good.add(value);
    return known;
  }

  /** The type of a field that nothing is made of is told, and costs no row. */
  private modeOf(kind: DriftKind, column: string | null): DriftMode {
    const mode = this.modes[kind];
    return kind === 'wrong-type' && column === null && mode === 'quarantine-row' ? 'report' : mode;
  }

  private note(
    kind: DriftKind,
    field: string,
    before: string | null,
    after: string | null,
    rows = 1,
    mode = this.modes[kind],
  ): DriftMode {
    const key = `${kind} ${field} ${after ?? ''}`;
    const known = this.deviations.get(key);
    if (known !== undefined) {
      known.rows += rows;
      return mode;
    }
    if (this.deviations.size >= TOLD_AT_MOST) return mode;
    this.deviations.set(key, { kind, field, mode, before, after, rows });
    if (kind === 'new-value' && after !== null) this.values[field] = [...(this.values[field] ?? []), after];
    return mode;
  }
}

const CODES = {
  'unknown-column': 'drift-unknown-column',
  'missing-column': 'drift-missing-column',
  'new-value': 'drift-new-value',
  'wrong-type': 'drift-wrong-type',
} as const satisfies Record<DriftKind, RowIssueCode>;

const rowIssue = (kind: DriftKind, field: string, column: string | null, found: string | null): Issue => ({
  code: CODES[kind],
  column,
  value: kind === 'new-value' ? found : null,
  params: { field, found: found ?? '' },
});
