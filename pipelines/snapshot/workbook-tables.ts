/** What a workbook for one institution shows: its rows of the stored snapshot, and where they come from. Pure. */
import type { CoverageEntry, ManifestResource, SnapshotManifest } from '../../schemas/snapshot.ts';
import { type Cell, moment, type ReportTable, tableOf } from '../report/tables/table-model.ts';

const WHAT = { 'teacher-plan': '教師', 'school-plan': '機構' } as const;
const STATUS = {
  fresh: '當日更新',
  'carried-forward': '沿用前次',
  held: '暫停待核定',
  'never-received': '從未送達',
} as const;

/** @param rows cells as the stored CSV has them, in its order */
export function workbookTables(
  manifest: SnapshotManifest,
  source: ManifestResource,
  institution: CoverageEntry,
  rows: readonly (readonly string[])[],
): ReportTable[] {
  const { mingce, name, title } = manifest;
  const fields = source.schema?.fields ?? [];
  const columns = fields.map((field, i) => {
    const number = field.type === 'integer';
    return {
      title: field.name,
      kind: number ? ('number' as const) : ('text' as const),
      of: (cells: readonly string[]): Cell => {
        const cell = cells[i] ?? '';
        return number && cell !== '' ? Number(cell) : cell;
      },
    };
  });
  const facts: [string, Cell][] = [
    ['快照編號', name],
    ['名稱', title],
    ['用途', mingce.purpose],
    ['依據', mingce.legalBasis.map((basis) => `${basis.issuer} ${basis.document}`).join('\n')],
    ['基準時間（不含）', moment(mingce.cutOff)],
    ['記錄至', moment(mingce.recordedThrough)],
    ['機構', `${institution.code} ${institution.section} ${institution.name}`],
    ['名冊狀態', STATUS[institution.status]],
    ['名冊最後送達', moment(institution.since)],
    ['本機構列數', rows.length],
    ['資料檔', source.path],
    ['資料檔雜湊', source.hash],
    ['快照指紋', mingce.fingerprint],
    ['洽詢', `${mingce.contacts.phone} ${mingce.contacts.email}`],
  ];
  return [
    tableOf(WHAT[mingce.kind], columns, rows),
    tableOf(
      '快照說明',
      [
        { title: '項目', of: ([what]: [string, Cell]) => what },
        { title: '內容', of: ([, value]: [string, Cell]) => value },
      ],
      facts,
    ),
  ];
}
