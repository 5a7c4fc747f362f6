import type { Actor, ExceptionSeverity } from '../../schemas/messages/exception-facts.ts';
import { EXCEPTION_MESSAGES, type ExceptionCode } from '../../schemas/messages/exceptions.ts';

const TITLES: Readonly<Record<ExceptionCode, string>> = {
  'missing-from-roster': '名冊未列人員',
  'plan-held': '異動超過上限，暫停待核定',
  'plan-kept-out': '退回或逾期的異動未寫入',
  'reverted-kept-out': '已撤銷的異動，來源仍未更正',
  'record-keys-changed': '鍵值全面更換',
  'record-key-reused': '人員代號改為他人',
  'missing-not-judged': '無法判定誰未列',
  'oneroster-changes-without-role': '異動檔缺少職務',
  'no-account-lead': '沒有總負責人帳號',
  'weak-identity': '身分證字號不可用',
  'pending-without-previous': '待審無前版',
  'rows-quarantined': '資料有誤未採用',
  'delivery-set-aside': '檔案未採用（已有較新名冊）',
  'old-file-sent-again': '重複送出舊檔案',
  'listed-kindergartens-unmatched': '幼兒園名錄待對照',
  'institution-no-longer-listed': '名單不再列出的機構',
  'map-outside-care-system': '公開地圖多列的幼兒園',
  'source-drifted': '來源格式變動',
  'source-failed': '來源失敗',
  'cut-off-care-stale': '基準日未取得教保資訊網資料',
  'closing-failed': '基準日結算失敗',
  'snapshot-due': '快照明細逾保存期限',
  'source-late': '來源逾期未更新',
  'school-late': '學校逾期未送名冊',
  'accounts-late': '學校逾期未送業務帳號',
  'registered-elsewhere': '新單位已登錄，原單位結束',
  'two-registrations': '同日兩單位登錄',
  'kindergarten-not-released': '幼兒園未辦離園',
  'ended-before-start': '離開日早於起始日',
  'return-withdrawn': '更正離開日，再任撤銷',
  'changes-set-aside': '資料矛盾，異動暫緩',
  'record-changed-institution': '同一代號改列他機構',
  'two-primary-units': '同時有兩個主聘單位',
  'no-primary-unit': '僅餘兼任，無主聘單位',
  'manual-value-superfluous': '人工指定與來源相同',
  'institution-unknown': '機構代碼不明',
  'person-identifier-conflict': '身分證字號衝突',
  'person-possibly-double': '可能為同一人',
  'account-handed-over': '帳號轉交他人使用',
  'account-deletion-blocked': '課程未確認，帳號未刪除',
  'account-name-returned': '已刪除帳號再現',
  'account-lead-requested': '總負責人帳號待研習中心辦理',
  'account-centre-otherwise': '總負責人帳號與研習中心辦理結果不符',
  'account-lead-applied': '總負責人帳號申請中',
  'account-lead-handed-over': '總負責人帳號改報他人，未採用',
  'account-missing': '帳號清冊未列的帳號',
  'account-state-refused': '帳號狀態不合程序，未採用',
  'account-section-changed': '帳號改報其他學制，未採用',
  'account-holder-untold': '帳號使用人無法核對',
  'account-name-reused': '帳號名稱曾為他人所用',
  'account-name-shared': '同一帳號名稱兩人使用',
  'account-orphaned': '帳號使用人已不在名冊',
  'account-idle': '久未登入的帳號',
  'account-duplicate': '一人有同類別兩個帳號',
  'account-enabled-by-holder': '帳號自行開通',
  'account-applied-by-other': '帳號由他人申請',
  'account-origin-untold': '未載明申請人與開通人',
  'account-kind-unknown': '帳號類別不在表內',
};

/** A short name of a kind of exception; a code of another version stands for itself. */
export const exceptionTitle = (code: string): string => (TITLES as Readonly<Record<string, string>>)[code] ?? code;

/** Who must do what, for a whole kind; empty for a code of another version. */
export const exceptionTodo = (code: string): string =>
  (EXCEPTION_MESSAGES as Readonly<Record<string, { todo: { zh: string } }>>)[code]?.todo.zh ?? '';

/** Who must act, as the bureau calls them. */
export const ACTOR_TITLE: Readonly<Record<Actor, string>> = {
  school: '學校（園）',
  bureau: '教育局',
  center: '研習中心',
  ops: '系統維運',
};
export const SEVERITY_TITLE: Readonly<Record<ExceptionSeverity, string>> = { high: '高', medium: '中', low: '低' };

const UNITS: Readonly<Record<string, string>> = {
  people: ' 人',
  records: ' 筆',
  known: ' 筆',
  rows: ' 列',
  institutions: ' 園',
  changes: ' 處',
  days: ' 天',
  since: ' 起',
  until: ' 止',
  on: '',
  accounts: ' 個帳號',
  asked: '',
  kind: '',
  fields: '',
  files: '',
};

/** What differs between matters of one kind: `3 人`, `2024-08-01 起`. */
export const exceptionBrief = (params: Readonly<Record<string, string | number>>): string =>
  Object.entries(UNITS)
    .flatMap(([name, unit]) => (params[name] === undefined ? [] : [`${params[name]}${unit}`]))
    .join('、');
