/**
 * Parquet in row groups: UTF8 texts, INT32 numbers, lists as LIST of UTF8, null for what is not known. The bytes depend on the rows and the version of
 * the writer alone: no time, no chance. Memory holds one row group.
 */
import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { OpenSink, SnapshotSink } from '../../../warehouse/snapshot-file-sink.ts';
import type { Column, PlanSpec } from '../columns.ts';
import { typedValue } from '../json-lines.ts';
import type { Exporter } from './exporter.ts';

const ROWS_PER_GROUP = 25_000;
const TEXT = { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } } as const;

function elementsOf<Row>({ english, type, items, required }: Column<Row>): SchemaElement[] {
  const known = { name: english, repetition_type: required ? ('REQUIRED' as const) : ('OPTIONAL' as const) };
  if (items)
    return [
      {
        name: english,
        repetition_type: 'REQUIRED',
        converted_type: 'LIST',
        logical_type: { type: 'LIST' },
        num_children: 1,
      },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      { name: 'element', repetition_type: 'REQUIRED', ...TEXT },
    ];
  return [type === 'integer' ? { ...known, type: 'INT32' } : { ...known, ...TEXT }];
}

/** Gives what was written on after every row group. */
class SinkWriter extends ByteWriter {
  private readonly sink: SnapshotSink;

  constructor(sink: SnapshotSink) {
    super(1024 * 1024);
    this.sink = sink;
  }

  async flush(): Promise<void> {
    const bytes = this.getBytes().slice();
    this.index = 0;
    await this.sink.write(bytes);
  }

  override finish(): Promise<void> {
    return this.flush();
  }
}

export function parquetExporter<Row>({ name, columns }: PlanSpec<Row>, path: string, open: OpenSink): Exporter<Row> {
  const sink = open(path);
  const schema = [
    { name: name.replaceAll('-', '_'), num_children: columns.length },
    ...columns.flatMap((column) => elementsOf(column)),
  ];
  const writer = new ParquetWriter({ writer: new SinkWriter(sink), schema, createdBy: 'mingce' });
  let rows = 0;
  let group: unknown[][] = columns.map(() => []);
  const writeGroup = async (): Promise<void> => {
    const columnData = columns.map(({ english }, i) => ({ name: english, data: group[i] as unknown[] }));
    group = columns.map(() => []);
    await writer.write({ columnData, rowGroupSize: ROWS_PER_GROUP });
  };
  return {
    path,
    rows: async (block) => {
      for (const row of block) {
        for (const [i, column] of columns.entries()) group[i]?.push(typedValue(column, row));
        if (group[0]?.length === ROWS_PER_GROUP) await writeGroup();
      }
      rows += block.length;
    },
    end: async () => {
      if (group[0]?.length !== 0) await writeGroup();
      await writer.finish();
      return { file: await sink.end(), rows };
    },
    abandon: () => sink.abandon(),
  };
}
