/**
 * Contracts of sources: what may change in the shape of what a source hands over, and what is to be done about it. Shape is fields, the types that
 * a source with types gives them, and the values of columns that have few.
 */
import { z } from 'zod';
import { RECORD_KINDS } from './records.ts';

export const DRIFT_KINDS = ['unknown-column', 'missing-column', 'new-value', 'wrong-type'] as const;
export type DriftKind = (typeof DRIFT_KINDS)[number];

/** `accept` takes it without a word; `report` takes it and asks; the others keep out the rows that have it, or the whole delivery, and ask. */
export const DRIFT_MODES = ['accept', 'report', 'quarantine-row', 'quarantine-source'] as const;
export type DriftMode = (typeof DRIFT_MODES)[number];
export type ContractModes = Readonly<Record<DriftKind, DriftMode>>;

const mode = z.enum(DRIFT_MODES).optional();
/** As a person writes it; what is left out has the default of its kind of source. */
export const contractConfig = z
  .strictObject({ unknownColumn: mode, missingColumn: mode, newValue: mode, wrongType: mode })
  .optional();

/** Feeds have an agreement, so all is told. What people type into files varies: more columns, other words for a value; a column that is gone is told. */
const FEED: ContractModes = {
  'unknown-column': 'report',
  'missing-column': 'report',
  'new-value': 'report',
  'wrong-type': 'quarantine-row',
};
/** Its `type` is the only fact beside the name: a new one would be read as a loss of 準公共. */
const MAP: ContractModes = { ...FEED, 'new-value': 'quarantine-row' };
const TYPED: ContractModes = { ...FEED, 'unknown-column': 'accept', 'new-value': 'accept' };

const DEFAULTS = {
  'institution-list': FEED,
  'care-system': FEED,
  'kindergarten-map': MAP,
  'roster-files': TYPED,
  'account-files': TYPED,
  'course-files': TYPED,
  cloudschool: FEED,
  'oneroster-files': FEED,
  'oneroster-api': FEED,
} as const satisfies Record<string, ContractModes>;

/** @param type of a configured source; one that is not listed here is a feed */
export function contractOf(type: string, given: z.infer<typeof contractConfig>): ContractModes {
  const defaults = (DEFAULTS as Readonly<Record<string, ContractModes>>)[type] ?? FEED;
  return {
    'unknown-column': given?.unknownColumn ?? defaults['unknown-column'],
    'missing-column': given?.missingColumn ?? defaults['missing-column'],
    'new-value': given?.newValue ?? defaults['new-value'],
    'wrong-type': given?.wrongType ?? defaults['wrong-type'],
  };
}

/** A field as a delivery has it. `column` is what it is mapped to, null where it is ignored; `types` of sources that have types (JSON). */
export const shapeField = z.strictObject({
  name: z.string(),
  column: z.string().nullable(),
  types: z.array(z.string()).optional(),
  /** Of which records, where a source hands over several kinds. */
  kind: z.enum(RECORD_KINDS).optional(),
});
export type ShapeField = z.infer<typeof shapeField>;

/**
 * Finds a field among others. The same field is one of the same name, whatever it is mapped to: a mapping is ours, and that it changes is no change of
 * the source; or else one of the same column, whatever its title. A feed's fields have one name.
 */
export function fieldFinder(among: readonly ShapeField[]): (field: ShapeField) => ShapeField | undefined {
  const byName = new Map(among.map((field) => [field.name, field]));
  const byColumn = new Map(
    among.flatMap((field) => (field.column === null || field.types ? [] : [[field.column, field]])),
  );
  return ({ name, column, types }) => byName.get(name) ?? (column === null || types ? undefined : byColumn.get(column));
}

/** `values` are those of coded columns that were not known: the known ones stand in the contract. */
export const sourceShape = z.strictObject({
  fields: z.array(shapeField),
  values: z.record(z.string(), z.array(z.string())),
});
export type SourceShape = z.infer<typeof sourceShape>;

export const deviation = z.strictObject({
  kind: z.enum(DRIFT_KINDS),
  field: z.string(),
  mode: z.enum(DRIFT_MODES),
  /** What the contract or the accepted shape has, and what came: a column, a type, a value. */
  before: z.string().nullable(),
  after: z.string().nullable(),
  /** Rows that have it. */
  rows: z.int().nonnegative(),
});
export type Deviation = z.infer<typeof deviation>;

/** What one row has that is not as agreed; found by a connector whose source has types. */
export interface RowDrift {
  kind: 'unknown-column' | 'wrong-type';
  field: string;
  column: string | null;
  expected?: string;
  found?: string;
}
