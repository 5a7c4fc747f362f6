/** Everything held about a person, as that person can read it. */
import type { PersonExport } from '../../schemas/outputs/person-export.ts';
import { COLUMN_TITLES, columnTitle } from './column-titles.ts';
import { under } from './explanation-lines.ts';
import { minute, PLAN_KIND } from './labels.ts';
import { placeText } from './place-of.ts';
import { IDENTIFIER_KIND, renderExplanation } from './render-explanation.ts';

const RECORD = { staff: '人員名冊', account: '業務帳號', pending: '待審資料', quarantine: '有誤未採用的資料' } as const;
const JUDGED: Readonly<Record<string, string>> = {
  'same-person': '認定兩個人員編號為同一人',
  'different-person': '認定兩個人員編號並非同一人',
  unit: '認定服務單位',
  identity: '認定所報證號非此人所有',
  absence: '認定已離開所屬單位',
};
const DECISION: Readonly<Record<string, string>> = {
  ...JUDGED,
  approve: '核定暫停的異動',
  discard: '退回暫停的異動',
  revert: '撤銷一次執行的異動',
};
const TITLES: Readonly<Record<string, string>> = {
  ...COLUMN_TITLES,
  institution_code: '學校代碼',
  institution_section: '學制',
  title: '職稱',
  title_code: '職別',
  subjects: '任教科目',
  is_primary: '主聘',
  primary_since: '主聘起日',
  start_on: '到職日',
  end_on: '離職日',
  end_reason: '離職原因',
  on_leave: '留職停薪',
  leave_changed_on: '留停異動日期',
  id_strong: '證號檢查碼正確',
  account_name: '帳號',
  registered_at: '登錄時間',
  registered_by: '登錄時間依據',
  missing_since: '名冊未列自第幾次執行',
  run_id: '第幾次執行',
  review: '審核狀態',
  reviewing: '待審事項',
  has_previous: '有前版',
  issues: '問題',
  severity: '程度',
  settled: '已更正',
};

const text = (value: unknown): string =>
  value === true
    ? '是'
    : value === false
      ? '否'
      : Array.isArray(value) && value.every((v) => typeof v === 'string')
        ? value.join('、')
        : typeof value === 'object'
          ? JSON.stringify(value)
          : String(value);
const pairs = (values: Readonly<Record<string, unknown>>): string =>
  Object.entries(values)
    .filter(([, value]) => value !== null && value !== '' && !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => `${TITLES[name] ?? columnTitle(name)} ${text(value)}`)
    .join('；');
const section = (title: string, lines: readonly string[], none: string): string[] => [
  '',
  `【${title}】`,
  ...(lines.length > 0 ? lines : [`  ${none}`]),
];

function decided({ what, about }: PersonExport['decisions'][number]): string {
  if (what === 'judgement-ended') return `結束「${JUDGED[about ?? ''] ?? about}」之裁定`;
  if (what === 'value-set') return `人工指定「${TITLES[about ?? ''] ?? about}」`;
  if (what === 'value-ended') return `結束「${TITLES[about ?? ''] ?? about}」之人工指定`;
  return DECISION[what] ?? what;
}

export function renderPersonExport(e: PersonExport): string {
  const lines = [
    '本系統持有之個人資料（依個人資料保護法第 10 條提供）',
    `製作時間 ${minute(e.exportedAt)}　承辦 ${e.by}　事由 ${e.reason}`,
    '本檔含身分證字號等個人資料，僅供當事人使用，請妥善保管。',
    '',
    renderExplanation(e.explanation).trimEnd(),
    ...section(
      '證號全文',
      e.identifiers.map(
        ({ kind, value, run, untilRun }) =>
          `  ${IDENTIFIER_KIND[kind] ?? kind}　${value}　自第 ${run} 次執行${untilRun === null ? '' : `，至第 ${untilRun} 次執行撤銷`}`,
      ),
      '沒有證號。',
    ),
    ...section(
      '各來源目前的資料',
      e.records.flatMap(({ kind, source, object, kept, row, values }) => [
        ...under(
          `${RECORD[kind]}　${source}${object === null ? '' : `　${placeText(object, row ?? 0)}${kept ? '' : '（原檔已刪除）'}`}`,
          2,
        ),
        ...under(pairs(values), 6),
      ]),
      '沒有。',
    ),
    ...section('歷來版本', [`  共 ${e.history.length} 筆，全部列於同名的 JSON 檔。`], ''),
    ...section(
      '待處理與處理過的事項',
      e.exceptions.flatMap(({ text: told, openedAt, closedAt }) =>
        under(`${minute(openedAt)}${closedAt === null ? '（未結）' : ` 至 ${minute(closedAt)}`}　${told.zh}`, 2),
      ),
      '沒有。',
    ),
    ...section(
      '與此人有關的決定',
      e.decisions.flatMap((d) => under(`${minute(d.at)}　${d.by}　${decided(d)}，理由：${d.reason}`, 2)),
      '沒有。',
    ),
    ...section(
      '載有此人的快照',
      e.snapshots.flatMap(({ id, kind, cutOff, file, row, given }) => [
        ...under(`${id}　${PLAN_KIND[kind] ?? kind}，基準 ${minute(cutOff)}，${file}`, 2),
        ...under(pairs(row), 6),
        ...(given.length === 0
          ? under('稽核紀錄沒有此快照的提供紀錄。', 6)
          : given.flatMap(({ at, actor, action }) => under(`${minute(at)}　${actor}　${action}`, 6))),
      ]),
      '沒有。',
    ),
  ];
  return `${lines.join('\n')}\n`;
}
