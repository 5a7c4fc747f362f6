/** The files of a snapshot: how each is named, written, and told in the manifest. */
import type { SnapshotFormat } from '../../schemas/campaign.ts';
import type { ManifestResource } from '../../schemas/snapshot.ts';
import type { OpenSink, OpenSpill } from '../../warehouse/snapshot-file-sink.ts';
import type { SnapshotInstitution } from '../../warehouse/views/snapshot-institutions.ts';
import { asBytes } from './as-bytes.ts';
import type { Column, PlanSpec } from './columns.ts';
import { BOM, csvLines, headerLine, NEWLINE, spreadsheetLines } from './csv.ts';
import type { Exported, Exporter } from './exporters/exporter.ts';
import { onerosterExporter } from './exporters/oneroster-exporter.ts';
import { parquetExporter } from './exporters/parquet-exporter.ts';
import { textExporter } from './exporters/text-exporter.ts';
import { jsonLine } from './json-lines.ts';

const PROFILE = 'https://datapackage.org/profiles/2.0';

/** Of a resource what the format says. */
type Description = Pick<ManifestResource, 'format' | 'mediatype' | 'type' | 'encoding' | 'schema'> &
  Record<string, unknown>;

/** Where files go, and the institutions of the plan in its order. */
export interface Outlet {
  sink: OpenSink;
  spill: OpenSpill;
  institutions: readonly SnapshotInstitution[];
}

interface Format {
  /** Of the file, behind the plan's name; of the resource's name too. */
  ending: string;
  open<Row>(spec: PlanSpec<Row>, path: string, outlet: Outlet): Exporter<Row>;
  describe(spec: PlanSpec<never>, exported: Exported): Description;
}

type FieldOf = (column: Omit<Column<never>, 'value' | 'items'> & { items?: unknown }) => { name: string; type: string };

/** Every column with what is the same in all files. */
function schemaOf(spec: PlanSpec<never>, fieldOf: FieldOf, missingValues: string[]) {
  const names = new Map(spec.columns.map((column) => [column.name, fieldOf(column).name]));
  return {
    $schema: `${PROFILE}/tableschema.json`,
    fields: spec.columns.map((column) => ({
      ...fieldOf(column),
      title: column.name,
      'mingce:name': column.english,
      description: column.description,
      ...(column.required ? { constraints: { required: true } } : {}),
      ...(column.categories ? { categories: column.categories } : {}),
    })),
    missingValues,
    ...(spec.primaryKey ? { primaryKey: spec.primaryKey.map((name) => names.get(name) as string) } : {}),
  };
}

const csvField: FieldOf = ({ name, type }) => ({ name, type });
const typedField: FieldOf = ({ english, type, items }) => ({ name: english, type: items ? 'array' : type });

const csv = (spec: PlanSpec<never>): Description => ({
  title: spec.title,
  type: 'table',
  format: 'csv',
  mediatype: 'text/csv',
  encoding: 'utf-8',
  dialect: { $schema: `${PROFILE}/tabledialect.json`, header: true, delimiter: ',', lineTerminator: NEWLINE },
  schema: schemaOf(spec, csvField, ['']),
});

export const FORMATS: Readonly<Record<SnapshotFormat, Format>> = {
  csv: {
    ending: 'csv',
    open: ({ columns }, path, { sink }) => textExporter(sink, path, headerLine(columns), csvLines(columns, asBytes)),
    describe: csv,
  },
  'csv-bom': {
    ending: 'bom.csv',
    open: ({ columns }, path, { sink }) =>
      textExporter(sink, path, `${BOM}${headerLine(columns)}`, spreadsheetLines(columns, asBytes)),
    describe: (spec) => ({
      ...csv(spec),
      'mingce:byteOrderMark': true,
      description:
        'The same rows for a spreadsheet: begins with a byte-order mark, and an apostrophe stands before what would be calculated. Open its columns as text.',
    }),
  },
  jsonl: {
    ending: 'jsonl',
    open: ({ columns }, path, { sink }) => textExporter(sink, path, '', jsonLine(columns)),
    describe: (spec) => ({
      title: spec.title,
      description:
        'The same rows, an object a line, with English names, lists as lists, and null for what is not known.',
      type: 'table',
      format: 'jsonl',
      mediatype: 'application/jsonl',
      encoding: 'utf-8',
      schema: schemaOf(spec, typedField, []),
    }),
  },
  parquet: {
    ending: 'parquet',
    open: (spec, path, { sink }) => parquetExporter(spec, path, sink),
    describe: (spec) => ({
      title: spec.title,
      description:
        'The same rows in row groups, packed with Snappy: UTF8, INT32, LIST of UTF8 where a cell of the CSV has several values, null for what is not known.',
      type: 'table',
      format: 'parquet',
      mediatype: 'application/vnd.apache.parquet',
      schema: schemaOf(spec, typedField, []),
    }),
  },
  oneroster: {
    ending: 'oneroster.zip',
    open: (spec, path, { sink, spill, institutions }) => {
      const peopleOf = spec.peopleOf(new Set(spec.columns.map((column) => column.english)));
      return onerosterExporter({ path, institutions, peopleOf, open: sink, spill });
    },
    describe: (spec, { tables }) => ({
      title: spec.title,
      description: 'A OneRoster 1.2 CSV bundle of the same rows: manifest.csv, orgs.csv, users.csv, roles.csv.',
      format: 'zip',
      mediatype: 'application/zip',
      'mingce:profile': 'OneRoster 1.2 CSV',
      'mingce:tables': tables,
    }),
  },
};

/** Exporters of a plan's files, in the order of the formats. */
export const openExporters = <Row>(
  spec: PlanSpec<Row>,
  formats: readonly SnapshotFormat[],
  outlet: Outlet,
): Exporter<Row>[] => formats.map((name) => FORMATS[name].open(spec, `${spec.name}.${FORMATS[name].ending}`, outlet));

/** A file as the manifest tells it. */
export const resourceOf = (spec: PlanSpec<never>, format: SnapshotFormat, exported: Exported): ManifestResource => ({
  // The CSV is the plan itself; the others are named after their form.
  name: format === 'csv' ? spec.name : `${spec.name}-${format}`,
  path: exported.file.path,
  bytes: exported.file.bytes,
  hash: `sha256:${exported.file.sha256}`,
  rows: exported.tables?.users ?? exported.rows,
  ...FORMATS[format].describe(spec, exported),
});
