/** Snapshots in words for a terminal: Traditional Chinese first, English beside it. */
import type { SnapshotManifest, SnapshotRebuilt, SnapshotSummary, SnapshotVerified } from '../../schemas/snapshot.ts';
import { isOver } from './kept-until.ts';

const COVERAGE_WORDS = {
  fresh: '當日更新 fresh',
  'carried-forward': '沿用前次 carried forward',
  held: '暫停待核定 held',
  'never-received': '從未送達 never received',
} as const;

export const coverageText = (coverage: SnapshotSummary['coverage']): string =>
  Object.entries(COVERAGE_WORDS)
    .map(([status, words]) => `${words}: ${coverage[status as keyof typeof COVERAGE_WORDS]}`)
    .join(' · ');

/** @param at ISO moment at which somebody asks */
export function keptText({ keepUntil, shredded }: SnapshotSummary, at: string): string {
  if (shredded !== null) return `已銷毀 shredded ${shredded.at} ${shredded.by}：${shredded.reason}`;
  if (keepUntil === null) return '保存期限不明 kept until a day that is not known: its planning year is not configured';
  const due = isOver(keepUntil, at) ? '，已逾期應銷毀 due for shredding (mingce snapshot shred --due)' : '';
  return `明細保存至 rows kept until ${keepUntil}${due}`;
}

/** @param at ISO moment at which somebody asks */
export function summaryLine(s: SnapshotSummary, at: string): string {
  const rows = s.files.find((file) => file.path === `${s.kind}.csv`)?.rows ?? 0;
  const how = s.automatic ? '自動 automatic' : '人工 by hand';
  const corrects = s.correction
    ? `  更正 corrects ${s.correction.of}（${s.correction.by}：${s.correction.reason}）`
    : '';
  return `${s.id}  ${rows} 列 rows  截止 cut-off ${s.cutOff}  記錄至 recorded through ${s.recordedThrough}  ${how}${corrects}  ${keptText(s, at)}`;
}

/** What a person asks of a manifest; institutions that are fresh are only counted. */
export function manifestText({ name, title, resources, mingce }: SnapshotManifest): string {
  const of = (status: string) => mingce.coverage.filter((entry) => entry.status === status);
  const stale = [...of('carried-forward'), ...of('held'), ...of('never-received')].map(
    (entry) =>
      `  ${entry.code} ${entry.section} ${entry.name}: ${COVERAGE_WORDS[entry.status]}${entry.since ? ` ${entry.since}` : ''}`,
  );
  const coverage = {
    fresh: of('fresh').length,
    'carried-forward': of('carried-forward').length,
    held: of('held').length,
    'never-received': of('never-received').length,
  };
  return [
    `${name}  ${title}`,
    `目的 purpose: ${mingce.purpose}`,
    `依據 legal basis: ${mingce.legalBasis.map((b) => `${b.issuer} ${b.document} (${b.date})`).join('; ')}`,
    `年度版本 campaign: ${mingce.campaign.id} 第 ${mingce.campaign.version} 版 ${mingce.campaign.hash}`,
    ...(mingce.correction
      ? [
          `更正 correction of ${mingce.correction.of}: ${mingce.correction.reason}（${mingce.correction.by} 核定 approved ${mingce.correction.at}）`,
        ]
      : []),
    ...mingce.consumers.map((c) => `使用者 consumer: ${c.name}，${c.purpose}（${c.legalGround}）`),
    `截止 cut-off: ${mingce.cutOff} (不含 exclusive) · 記錄至 recorded through ${mingce.recordedThrough} · run ${mingce.run.id}`,
    ...mingce.moved.map((m) => `延改 moved: ${m.what} 原 was ${m.from}，${m.reason}`),
    `填報期間 window: ${mingce.window.from} – ${mingce.window.through}`,
    ...resources.map((r) => `檔案 file: ${r.path}  ${r.rows} 列 rows  ${r.bytes} bytes  ${r.hash}`),
    `機構 institutions: ${coverageText(coverage)}`,
    ...stale,
    `本計畫排除 addressed, outside this plan: ${mingce.excluded.length} · 非本計畫對象 not addressed: ${mingce.notAddressed.length}`,
    `洽詢 contact: ${mingce.contacts.phone} ${mingce.contacts.email}`,
  ].join('\n');
}

function signatureText({ signature }: SnapshotVerified): string[] {
  if (signature === null) return [];
  const { kid, keyFrom } = signature;
  if (keyFrom === 'given') return [`  簽章 signed by ${kid}: 本機構之金鑰 a key of the installation`];
  return [
    `  簽章 signed by ${kid}`,
    '  金鑰隨檔而來，請與公布者核對，或加 --key。 The key came with the files: compare it with the published one, or give --key.',
  ];
}

export function verifiedText(name: string, verified: SnapshotVerified): string {
  const verdict = verified.ok ? '驗證無誤 verified' : '驗證不符 does not verify';
  return [
    `${verdict}: ${verified.id ?? name}`,
    ...verified.files.map(
      (f) => `  ${f.ok ? '✓' : '✗'} ${f.path}  ${f.bytes} bytes${f.rows === null ? '' : `  ${f.rows} 列 rows`}`,
    ),
    ...signatureText(verified),
    ...verified.problems.map((p) => `  ${p.file}: ${p.message}`),
  ].join('\n');
}

export function rebuiltText({ id, ok, files }: SnapshotRebuilt): string {
  const verdict = ok ? '重建後逐位元組相同 rebuilt, byte for byte the same' : '重建後不同 differs when rebuilt';
  return [
    `${verdict}: ${id}`,
    ...files.map((f) =>
      f.ok ? `  ✓ ${f.path}  ${f.stored}` : `  ✗ ${f.path}  ${f.stored ?? '－'} → ${f.rebuilt ?? '－'}`,
    ),
  ].join('\n');
}
