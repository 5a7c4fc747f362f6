/**
 * A source that failed as a whole, and rows that broke before anybody looked at their values (`raw-…`). Long because it is a list:
 * one entry per way in which a file or a feed can be refused, each saying what, where, what was expected and what to do.
 */
import type { Message } from './catalogue.ts';

/** What can be wrong with a file that a school hands in. `zh` speaks to the school. */
const FILES = {
  'file-empty': {
    zh: '檔案「{file}」是空的（0 位元組）。',
    en: 'File "{file}" is empty (0 bytes).',
    todo: { zh: '請重新匯出並再次上傳。', en: 'Ask the school to export and upload it again.' },
  },
  'file-changed': {
    zh: '檔案「{file}」在讀取時仍在變動，可能尚未上傳完成。',
    en: 'File "{file}" changed while it was being taken; its upload is probably not finished.',
    todo: { zh: '不需處理，下次執行會再讀取。', en: 'Nothing to do: the next run takes it.' },
  },
  'file-from-the-future': {
    zh: '檔案「{file}」的時間是 {moment}，還沒有到，因此無法判斷它何時送達，暫不讀取。',
    en: 'File "{file}" has a time that has not come, {moment}: when it arrived cannot be told, so it is not taken.',
    todo: {
      zh: '請確認上傳主機的時鐘後，再次上傳。',
      en: 'Put the clock of this machine, or of the one that it has the folder from, right; then touch the file or ask for it again.',
    },
  },
  'file-too-large': {
    zh: '檔案「{file}」有 {bytes} 位元組，超過上限 {limit}。',
    en: 'File "{file}" has {bytes} bytes, over the limit of {limit}.',
    todo: {
      zh: '請確認內容只有本校名冊；資料量大時請改存 CSV。',
      en: 'Check that it holds one roster only; CSV may be larger than a workbook.',
    },
  },
  'file-format-unknown': {
    zh: '檔案「{file}」是 {format}，不是名冊可用的格式。',
    en: 'File "{file}" is {format}, not a format of a roster.',
    todo: { zh: '請以 .csv、.xlsx、.ods 或 .xls 上傳。', en: 'Expected CSV, TSV, XLSX, ODS or XLS.' },
  },
  'file-encoding-unknown': {
    zh: '無法判斷檔案「{file}」的文字編碼（預期 UTF-8、UTF-16 或 Big5）。',
    en: 'The encoding of file "{file}" is unknown (expected UTF-8, UTF-16 or Big5).',
    todo: { zh: '請在 Excel 選「CSV UTF-8」另存，或改傳 .xlsx、.ods。', en: 'Ask for "CSV UTF-8", XLSX or ODS.' },
  },
  'file-encoding-unclear': {
    zh: '無法判斷檔案「{file}」的文字編碼：從第 {line} 行（第 {offset} 位元組附近）起，既不是 UTF-8，也不是 Big5。',
    en: 'The encoding of file "{file}" cannot be told: from line {line} (near byte {offset}) on it reads neither as UTF-8 nor as Big5.',
    todo: {
      zh: '請檢查該行有無亂碼，在 Excel 選「CSV UTF-8」另存，或改傳 .xlsx、.ods。',
      en: 'Look at that line; ask for "CSV UTF-8", XLSX or ODS.',
    },
  },
  'file-encoding-broken': {
    zh: '檔案「{file}」以 {encoding} 讀到第 {line} 行（第 {offset} 位元組附近）起有多處無法解讀的內容。',
    en: 'File "{file}" reads as {encoding}, but not what stands from line {line} (near byte {offset}) on.',
    todo: {
      zh: '檔案可能由兩種編碼拼接或已損壞，請在 Excel 選「CSV UTF-8」重新另存，或改傳 .xlsx、.ods。',
      en: 'Two encodings in one file, or damage: ask for a new export as "CSV UTF-8", XLSX or ODS.',
    },
  },
  'file-cut-short': {
    zh: '檔案「{file}」在第 {line} 行（第 {offset} 位元組）的一個字中間中斷，可能沒有完整送達。',
    en: 'File "{file}" ends inside a character, in line {line} (byte {offset}): it was cut.',
    todo: { zh: '請確認檔案完整後重新上傳。', en: 'Ask for it again.' },
  },
  'file-archive-broken': {
    zh: '檔案「{file}」的壓縮結構已損壞，無法開啟。',
    en: 'File "{file}" is a broken archive.',
    todo: {
      zh: '請確認能以 Excel 或 LibreOffice 開啟後重新上傳。',
      en: 'Ask for it again; it should open in Excel or LibreOffice.',
    },
  },
  'file-archive-too-large': {
    zh: '檔案「{file}」解壓縮後過大（{what}：{value}，上限 {limit}）。',
    en: 'File "{file}" unfolds beyond the limits ({what}: {value}, limit {limit}).',
    todo: {
      zh: '請只保留名冊內容，移除圖片與其他工作表後再上傳。',
      en: 'A zip bomb, or a workbook full of other things.',
    },
  },
  'file-archive-empty': {
    zh: '壓縮檔「{file}」內沒有任何檔案。',
    en: 'Archive "{file}" holds no file.',
    todo: { zh: '請確認內容後重新壓縮上傳。', en: 'Ask for it again.' },
  },
  'file-archive-path': {
    zh: '壓縮檔「{file}」內「{entry}」的路徑超出資料夾或過長，基於安全整份不予讀取。',
    en: 'Archive "{file}": the path of "{entry}" leads outside, is too long or holds control characters; nothing of it is read.',
    todo: {
      zh: '請以一般方式重新壓縮（每校一個資料夾），活頁簿請以 Excel 或 LibreOffice 另存新檔後上傳。',
      en: 'Treat it as an attack until explained. Expected one folder per school, or a workbook as spreadsheet programs save it.',
    },
  },
  'file-archive-link': {
    zh: '壓縮檔「{file}」內「{entry}」是連結或特殊檔案，基於安全整份不予讀取。',
    en: 'Archive "{file}": "{entry}" is a link or a special file; nothing of it is read.',
    todo: { zh: '請放入檔案本身後重新壓縮上傳。', en: 'Ask for the files themselves.' },
  },
  'file-archive-nested': {
    zh: '壓縮檔「{file}」內又有壓縮檔「{entry}」，整份不予讀取。',
    en: 'Archive "{file}" holds another archive, "{entry}"; nothing of it is read.',
    todo: { zh: '請解開後，每校一個資料夾，重新壓縮上傳。', en: 'Expected one folder per school, with plain files.' },
  },
  'file-archive-method': {
    zh: '壓縮檔「{file}」內「{entry}」使用不支援的壓縮方式（{method}）。',
    en: 'Archive "{file}": "{entry}" is compressed by method {method}; expected deflate or none.',
    todo: { zh: '請以 Windows 內建的「壓縮成 ZIP」重新壓縮上傳。', en: 'Ask for an ordinary ZIP.' },
  },
  'file-encrypted': {
    zh: '檔案「{file}」已加密，無法讀取。',
    en: 'File "{file}" is encrypted.',
    todo: { zh: '請移除密碼後再上傳。', en: 'Ask for it without a password.' },
  },
  'file-doctype': {
    zh: '檔案「{file}」內含文件類型宣告（DOCTYPE），基於安全不予讀取。',
    en: 'File "{file}" declares a document type, which no spreadsheet program writes.',
    todo: { zh: '請以 Excel 或 LibreOffice 另存新檔後再上傳。', en: 'Treat it as an attack until explained.' },
  },
  'file-workbook-broken': {
    zh: '檔案「{file}」的活頁簿內容無法讀取。',
    en: 'The workbook in file "{file}" cannot be read.',
    todo: {
      zh: '請以 Excel 或 LibreOffice 另存新檔後再上傳。',
      en: 'Ask for a fresh copy saved by Excel or LibreOffice.',
    },
  },
  'file-too-many-rows': {
    zh: '檔案「{file}」超過 {limit} 列。',
    en: 'File "{file}" has more than {limit} rows.',
    todo: {
      zh: '請確認只含本校名冊；資料量大時請改存 .xlsx 或 CSV。',
      en: 'Expected the roster of one school; XLSX and CSV take more rows than XLS and ODS.',
    },
  },
  'file-too-many-columns': {
    zh: '檔案「{file}」第 {row} 列有 {columns} 欄，超過上限 {limit} 欄。',
    en: 'File "{file}", row {row}: {columns} columns, over the limit of {limit}.',
    todo: { zh: '請刪除名冊以外的欄位。', en: 'Ask for the roster columns only.' },
  },
  'file-far-cell': {
    zh: '檔案「{file}」第 {row} 列有內容，但與其上方的資料相隔上萬列空白。',
    en: 'File "{file}": row {row} is filled, more than ten thousand blank rows below the one before.',
    todo: {
      zh: '請刪除名冊下方多餘的儲存格後再上傳。',
      en: 'Ask for the file without the stray cells below the roster.',
    },
  },
  'file-needs-memory': {
    zh: '檔案「{file}」讀取時需要超過 {limit} MiB 的記憶體，已中止。',
    en: 'Reading file "{file}" takes more than {limit} MiB of memory; it was given up.',
    todo: {
      zh: '請只保留名冊內容，或改存 CSV 後再上傳。',
      en: 'A bomb, or a workbook full of other things; CSV takes no such memory.',
    },
  },
  'file-needs-time': {
    zh: '檔案「{file}」在 {limit} 秒內沒有讀取完畢，已中止。',
    en: 'File "{file}" could not be read within {limit} s; it was given up.',
    todo: {
      zh: '請只保留名冊內容，或改存 CSV 後再上傳。',
      en: 'A file built to hurt, or a machine under heavy load; CSV is read faster.',
    },
  },
  'file-reader-died': {
    zh: '讀取檔案「{file}」的程序意外結束，這次沒有採用它的資料。',
    en: 'The process that read file "{file}" ended unexpectedly.',
    todo: { zh: '請通知系統管理人員。', en: 'It is tried again; when it stays, the file finds a mistake of ours.' },
  },
  'file-row-too-long': {
    zh: '檔案「{file}」從第 {row} 列起找不到列尾（超過 {limit} 個字元），可能有未成對的引號。',
    en: 'File "{file}": the row starting at {row} does not end within {limit} characters; probably an unclosed quote.',
    todo: { zh: '請檢查該列的雙引號。', en: 'Look for a stray double quote in that row.' },
  },
  'file-quotes-broken': {
    zh: '檔案「{file}」第 {row} 列的雙引號不成對，其後的列可能被併入同一格，整份檔案不採用。',
    en: 'File "{file}", row {row}: a quote is not closed and may have swallowed rows, so nothing of the file is used.',
    todo: { zh: '請修正該列的雙引號，或改傳 .xlsx、.ods。', en: 'Ask for a corrected file, or XLSX or ODS.' },
  },
  'file-header-missing': {
    zh: '檔案「{file}」的前 20 列找不到欄位名稱列（例如：學校代碼、姓名、身分證字號）。',
    en: 'File "{file}": no title row among the first 20 rows.',
    todo: { zh: '請加上欄位名稱列後再上傳。', en: 'Ask for a file with column titles.' },
  },
  'file-no-visible-sheet': {
    zh: '檔案「{file}」沒有可見的工作表（全部隱藏，或只有圖表），因此沒有讀取任何內容。',
    en: 'File "{file}" has no visible sheet (all are hidden, or charts); nothing of it was read.',
    todo: { zh: '請取消隱藏名冊工作表後再上傳。', en: 'Ask for it with the sheet of the roster shown.' },
  },
  'file-list-kind-unclear': {
    zh: '檔案「{file}」的名冊別「{said}」看不出是完整名冊或異動，整份未採用。',
    en: 'File "{file}": 名冊別 "{said}" does not say whether the list is complete (完整) or of changes (異動). Nothing of it was taken.',
    todo: { zh: '請在名冊別只寫「完整」或「異動」後重新上傳。', en: 'Have it say one of the two.' },
  },
  'file-column-missing': {
    zh: '檔案「{file}」缺少必要欄位「{column}」。找到的欄位：{found}。',
    en: 'File "{file}" lacks the column "{column}". Found: {found}.',
    todo: {
      zh: '請補上該欄，或將欄位名稱改為「{column}」。',
      en: 'If it is there under another title, add the title to the alias table.',
    },
  },
  'file-is-accounts': {
    zh: '檔案「{file}」看起來是業務帳號檔（有「{found}」等欄位），不是這個資料夾所收的資料，未採用。',
    en: 'File "{file}" looks like a list of accounts (columns {found}), which this inbox is not for; nothing of it was taken.',
    todo: {
      zh: '請放到業務帳號的收件資料夾；若確實是這個資料夾的資料，請補上其欄位（名冊如職稱）。',
      en: 'Move it to the inbox of accounts; if it is what belongs here, it needs columns of that kind (a roster: 職稱).',
    },
  },
  'file-is-roster': {
    zh: '檔案「{file}」看起來是教師名冊（有「{found}」等欄位），不是這個資料夾所收的資料，未採用。',
    en: 'File "{file}" looks like a roster (columns {found}), which this inbox is not for; nothing of it was taken.',
    todo: {
      zh: '請放到教師名冊的收件資料夾；若確實是這個資料夾的資料，請補上其欄位（如帳號類別、課程代碼）。',
      en: 'Move it to the inbox of rosters; if it is what belongs here, it needs columns of that kind.',
    },
  },
  'file-is-courses': {
    zh: '檔案「{file}」看起來是研習課程檔（有「{found}」等欄位），不是這個資料夾所收的資料，未採用。',
    en: 'File "{file}" looks like a list of courses (columns {found}), which this inbox is not for; nothing of it was taken.',
    todo: {
      zh: '請放到研習課程的收件資料夾；若確實是這個資料夾的資料，請補上其欄位（如職稱、帳號類別）。',
      en: 'Move it to the inbox of courses; if it is what belongs here, it needs columns of that kind.',
    },
  },
  'file-column-twice': {
    zh: '檔案「{file}」有兩個「{column}」欄，無法判斷採用哪一欄。',
    en: 'File "{file}" has the column "{column}" twice.',
    todo: { zh: '請只保留一欄。', en: 'Ask for a file with one of them.' },
  },
  'file-several-sheets': {
    zh: '檔案「{file}」有多個工作表含有名冊（{sheets}），無法判斷採用哪一個。',
    en: 'File "{file}": several sheets hold a roster ({sheets}).',
    todo: { zh: '請只保留要送出的工作表。', en: 'Ask for a file with one sheet.' },
  },
  'file-no-rows': {
    zh: '檔案「{file}」第 {row} 列有欄位名稱，但下面沒有任何資料。',
    en: 'File "{file}" has titles in row {row} and no rows below; a complete list of nobody is not believed.',
    todo: { zh: '請確認匯出結果後再上傳。', en: 'Ask the school to check its export.' },
  },
  'file-school-unknown': {
    zh: '無法得知檔案「{file}」屬於哪一所學校：資料夾、檔名與內容都沒有學校代碼。',
    en: 'File "{file}" names no school in folder, name or content.',
    todo: {
      zh: '請在檔名前加上 6 碼學校代碼（例如 064601_教師名冊.xlsx）。',
      en: 'Expected a 6-character code, as in 064601_roster.xlsx.',
    },
  },
  'file-school-conflict': {
    zh: '檔案「{file}」的資料夾與檔名出現不同的學校代碼（{codes}）。',
    en: 'Folder and name of file "{file}" hold different school codes ({codes}).',
    todo: { zh: '請確認學校代碼並只保留一個。', en: 'One file speaks for one school.' },
  },
  'inbox-missing': {
    zh: '收件資料夾「{inbox}」不存在，無法收取學校檔案。',
    en: 'The inbox "{inbox}" does not exist.',
    todo: { zh: '請系統管理人員檢查資料夾或掛載。', en: 'Create it, or check the mount.' },
  },
  'inbox-unreadable': {
    zh: '收件資料夾「{inbox}」無法讀取（{reason}）。',
    en: 'The inbox "{inbox}" cannot be read ({reason}).',
    todo: { zh: '請系統管理人員檢查權限。', en: 'Check its permissions.' },
  },
  'sftp-unreachable': {
    zh: '無法連線到收件伺服器 {host}:{port}（{reason}）。',
    en: 'Cannot reach the inbox server {host}:{port} ({reason}).',
    todo: {
      zh: '請系統管理人員檢查網路與伺服器；檔案仍在伺服器上，下次再收。',
      en: 'The files stay there; the next run tries again.',
    },
  },
  'sftp-timeout': {
    zh: '收件伺服器 {host} 在 {seconds} 秒內沒有回應。',
    en: 'The inbox server {host} did not answer within {seconds} s.',
    todo: {
      zh: '請系統管理人員檢查伺服器；檔案仍在伺服器上，下次再收。',
      en: 'The files stay there; the next run tries again.',
    },
  },
  'sftp-host-key': {
    zh: '收件伺服器 {host} 的主機金鑰（{found}）與設定（{expected}）不符，基於安全不予連線。',
    en: 'The key of {host} is {found}, pinned is {expected}: nothing was sent to it, no password either.',
    todo: {
      zh: '請系統管理人員向伺服器管理單位查證後再更新設定。',
      en: 'Ask its operators by another way whether the key was changed; only then change hostKey.',
    },
  },
  'sftp-credentials': {
    zh: '收件伺服器 {host} 拒絕帳號「{user}」的登入。',
    en: 'The inbox server {host} refused user "{user}".',
    todo: { zh: '請系統管理人員檢查金鑰或密碼。', en: 'Check the key or the password of this source.' },
  },
  'sftp-key-file': {
    zh: '收件用的私鑰檔「{path}」無法使用（{reason}）。',
    en: 'The private key "{path}" cannot be used ({reason}).',
    todo: { zh: '請系統管理人員檢查檔案與權限。', en: 'Expected a readable private key without a passphrase.' },
  },
  'file-unreadable': {
    zh: '檔案「{file}」無法開啟（{reason}）。',
    en: 'File "{file}" cannot be opened ({reason}).',
    todo: { zh: '請系統管理人員檢查檔案權限。', en: 'Check its permissions.' },
  },
  'inbox-too-many': {
    zh: '收件資料夾「{inbox}」的檔案超過 {limit} 個。',
    en: 'The inbox "{inbox}" holds more than {limit} files.',
    todo: { zh: '請系統管理人員檢查資料夾內容。', en: 'Is it the right folder?' },
  },
  'inbox-irregular': {
    zh: '收件資料夾中有 {count} 個連結或特殊檔案（{files}），不是一般檔案，基於安全一律不讀取。',
    en: 'The inbox holds {count} links or special files ({files}), no regular ones; none is followed or read.',
    todo: {
      zh: '請放入檔案本身，並由系統管理人員移除這些連結。',
      en: 'Put the files themselves there, and remove these entries.',
    },
  },
  'list-missing': {
    zh: '找不到機構名單「{path}」。',
    en: 'The institution list "{path}" does not exist.',
    todo: { zh: '請系統管理人員檢查設定檔的 path。', en: 'Paths are relative to the configuration file.' },
  },
  'list-county-absent': {
    zh: '機構名單「{file}」沒有「{county}」的資料。',
    en: 'The institution list "{file}" has no row of the county "{county}".',
    todo: {
      zh: '請系統管理人員檢查設定檔的 county 與檔案內容。',
      en: 'Check the key county, and that it is the right file.',
    },
  },
  'source-original-gone': {
    zh: '來源「{source}」的原始檔已超過保存期限刪除，無法重新處理。',
    en: 'An original of source "{source}" is past its retention and gone; it cannot be processed again.',
    todo: { zh: '請重新上傳該檔案。', en: 'Ask for the file again.' },
  },
  'source-crashed': {
    zh: '讀取來源「{source}」時程式異常中止，這次沒有採用它的資料。',
    en: 'The job that heard source "{source}" crashed each time it was tried; its previous picture stands.',
    todo: { zh: '請通知系統管理人員。', en: 'Look for "job failed" in the log of that night.' },
  },
  'source-answer-of-another': {
    zh: '來源「{source}」這次的回應與「{other}」的完全相同，可能是把別校的資料當成本校回應，未採用。',
    en: 'Source "{source}": the answer is byte for byte that of "{other}". It may be another school\'s; nothing of it was taken.',
    todo: {
      zh: '請系統管理人員檢查兩校的帳號設定；設定無誤時請通知系統廠商檢查快取。',
      en: 'Check the credentials of both schools; if they are right, tell the vendor to look at caches.',
    },
  },
  'delivery-older-than-landed': {
    zh: '來源「{source}」的「{file}」（{asOf}）比已採用的（{landed}）舊，未採用。',
    en: 'Source "{source}" handed in "{file}", a picture of {asOf}, older than the one of {landed} that is in force; it was not taken.',
    todo: {
      zh: '若內容仍然正確，請重新上傳這個檔案；若已有較新的名冊，請移除它。',
      en: 'If it still holds, ask for it once more, as the newest; else remove it. An older picture never replaces a newer.',
    },
  },
  'delivery-drifted': {
    zh: '來源「{source}」的欄位或內容格式有 {changes} 處與約定不同，依設定整份未採用。',
    en: 'The shape of what source "{source}" handed in differs in {changes} places; its contract keeps the whole out.',
    todo: {
      zh: '請系統管理人員查看報告的「來源格式變動」，確認後接受新格式或請對方更正。',
      en: 'See "drift" in the report; then "mingce contract accept {source}", or have it corrected.',
    },
  },
  'source-empty': {
    zh: '來源「{source}」沒有交出任何資料。',
    en: 'Source "{source}" handed over nothing.',
    todo: { zh: '請系統管理人員檢查。', en: 'Look for files removed during the run.' },
  },
} as const satisfies Record<string, Message>;

const SERVER = {
  zh: '請通知教保資訊網管理單位；本次沿用前一版資料。',
  en: 'Tell the operators of the feed; the previous picture stands.',
};
const SETTINGS = { zh: '請系統管理人員檢查來源設定。', en: 'Check the configuration of this source.' };

/** What can be wrong with the care system feed. `zh` speaks to the bureau. */
const CARE = {
  'care-unreachable': {
    zh: '無法連線到教保資訊網 {host}（{path}：{reason}）。',
    en: 'Cannot reach {host} for {path}: {reason}.',
    todo: SERVER,
  },
  'care-timeout': {
    zh: '教保資訊網 {path} 在 {seconds} 秒內沒有回應完畢。',
    en: '{path} did not answer within {seconds} s.',
    todo: SERVER,
  },
  'care-walk-timeout': {
    zh: '教保資訊網的資料在 {seconds} 秒內沒有讀取完畢。',
    en: 'The page walk did not end within {seconds} s.',
    todo: SERVER,
  },
  'care-status': {
    zh: '教保資訊網 {path} 回應狀態 {status}（預期 200）。',
    en: '{path} answered status {status}, expected 200.',
    todo: SERVER,
  },
  'care-busy': {
    zh: '教保資訊網 {path} 要求等待 {seconds} 秒，超過上限 {limit} 秒。',
    en: '{path} asks for a wait of {seconds} s, over the ceiling of {limit} s.',
    todo: SERVER,
  },
  'care-redirect': {
    zh: '教保資訊網 {path} 要求轉址（狀態 {status}），基於安全不跟隨。',
    en: '{path} redirects (status {status}), which is not followed.',
    todo: SETTINGS,
  },
  'care-credentials': {
    zh: '教保資訊網拒絕帳號「{clientId}」的憑證（狀態 {status}）。',
    en: 'The credentials of client "{clientId}" were refused (status {status}).',
    todo: SETTINGS,
  },
  'care-unauthorised': {
    zh: '教保資訊網 {path} 不接受剛取得的授權（帳號「{clientId}」）。',
    en: '{path} refuses a fresh token of client "{clientId}".',
    todo: SETTINGS,
  },
  'care-not-json': {
    zh: '教保資訊網 {path} 回應的不是資料而是 {contentType}（預期 JSON，可能是登入或維護頁面）。',
    en: '{path} answered {contentType}, expected JSON; perhaps a login or maintenance page.',
    todo: SERVER,
  },
  'care-response-too-large': {
    zh: '教保資訊網 {path} 的回應超過 {limit} 位元組。',
    en: 'The answer of {path} is over {limit} bytes.',
    todo: {
      zh: '請系統管理人員調低每頁筆數或檢查來源。',
      en: 'Lower pageSize, or the answer is not what it should be.',
    },
  },
  'care-json-broken': {
    zh: '教保資訊網「{page}」的內容不完整或不是正確的 JSON（收到 {bytes} 位元組）。',
    en: '"{page}" is not valid JSON or was cut off ({bytes} bytes received).',
    todo: SERVER,
  },
  'care-json-duplicate-key': {
    zh: '教保資訊網「{page}」的同一筆資料有兩個「{what}」。',
    en: '"{page}" gives the key "{what}" twice in one object.',
    todo: SERVER,
  },
  'care-json-big-number': {
    zh: '教保資訊網「{page}」有超出可精確表示範圍的數字。',
    en: '"{page}" holds a number that cannot be kept exactly (beyond 2^53).',
    todo: SERVER,
  },
  'care-page-shape': {
    zh: '教保資訊網「{page}」的欄位「{field}」不符合約定：{problem}。',
    en: '"{page}", field "{field}" is not as agreed: {problem}.',
    todo: SERVER,
  },
  'care-walk-as-of': {
    zh: '讀取教保資訊網 {list} 期間資料時點改變（{before} → {after}），重讀後仍然如此。',
    en: 'asOf moved during the walk of {list} ({before} to {after}), on every attempt.',
    todo: SERVER,
  },
  'care-walk-total': {
    zh: '教保資訊網 {list} 的筆數不符：讀到 {count} 筆，應有 {total} 筆。',
    en: '{list}: {count} items read, total says {total}.',
    todo: SERVER,
  },
  'care-walk-cursor': {
    zh: '教保資訊網 {list} 的分頁重複（讀到 {count}／{total} 筆）。',
    en: '{list}: a cursor came twice after {count} of {total} items.',
    todo: SERVER,
  },
  'care-walk-repeated': {
    zh: '教保資訊網 {list} 的不同分頁出現同一筆資料（讀到 {count}／{total} 筆），可能遺漏其他資料。',
    en: '{list}: a record stands on two pages after {count} of {total} items, so another may stand on none.',
    todo: SERVER,
  },
  'care-walk-empty-page': {
    zh: '教保資訊網 {list} 的分頁中途沒有資料（讀到 {count}／{total} 筆）。',
    en: '{list}: an empty page before the end, after {count} of {total} items.',
    todo: SERVER,
  },
  'care-walk-unfinished': {
    zh: '教保資訊網 {list} 沒有讀到最後一頁（{count}／{total} 筆）。',
    en: '{list}: the walk has no end, {count} of {total} items.',
    todo: SERVER,
  },
  'care-list-empty': {
    zh: '教保資訊網 {list} 沒有任何資料，視為來源異常。',
    en: '{list} is empty, which is taken for an outage.',
    todo: SERVER,
  },
} as const satisfies Record<string, Message>;

const MAP_AGAIN = {
  zh: '請重新下載該行政區的公開地圖資料；先前的資料仍然有效。',
  en: 'Take the answer of that district again; the previous picture stands.',
};

/** What can be wrong with an answer of the care system's public map. */
const MAP = {
  'map-json-broken': {
    zh: '公開地圖檔案「{file}」不完整或不是 JSON（{bytes} 位元組，可能是登入或維護頁面）。',
    en: 'Map answer "{file}" is cut short or not JSON ({bytes} bytes; perhaps a login or maintenance page).',
    todo: MAP_AGAIN,
  },
  'map-json-repeated': {
    zh: '公開地圖檔案「{file}」的同一筆資料有兩個「{key}」。',
    en: 'Map answer "{file}" gives the key "{key}" twice in one object.',
    todo: MAP_AGAIN,
  },
  'map-json-shape': {
    zh: '公開地圖檔案「{file}」不是幼兒園清單（預期為 JSON 陣列）。',
    en: 'Map answer "{file}" is not a list of kindergartens (expected a JSON array).',
    todo: MAP_AGAIN,
  },
  'map-empty': {
    zh: '公開地圖檔案「{file}」沒有任何幼兒園，視為來源異常，不視為全區停辦。',
    en: 'Map answer "{file}" holds no kindergarten, which is taken for an outage.',
    todo: MAP_AGAIN,
  },
  'map-district-unknown': {
    zh: '公開地圖檔案「{file}」沒有可辨識的幼兒園代碼（sid），無法得知是哪一個行政區。',
    en: 'Map answer "{file}" has no sid that can be read, so its district is not known.',
    todo: MAP_AGAIN,
  },
  'map-district-conflict': {
    zh: '公開地圖檔案「{file}」的檔名是 {named} 區，內容卻是 {held} 區的幼兒園。',
    en: 'Map answer "{file}" is named for district {named} but holds kindergartens of {held}.',
    todo: { zh: '請更正檔名後再放入。', en: 'Name the file after the district that it holds.' },
  },
} as const satisfies Record<string, Message>;

/** Rows that are broken as rows. */
const RAW_ROWS = {
  'raw-cells-extra': {
    zh: '這一列有 {cells} 格，欄位只有 {expected} 個。',
    en: 'The row has {cells} cells for {expected} titles.',
    todo: {
      zh: '請檢查是否有未加引號的逗號（常見於地址），使後面的欄位錯位。',
      en: 'Often an unquoted comma inside an address.',
    },
  },
  'raw-quotes': {
    zh: '這一列的雙引號不成對。',
    en: 'A quote in the row is malformed.',
    todo: { zh: '請修正雙引號。', en: 'Correct the double quotes.' },
  },
  'raw-nul': {
    zh: '第 {cell} 格含有空字元（NUL）。',
    en: 'Cell {cell} holds a NUL.',
    todo: { zh: '請重新匯出。', en: 'Ask for a new export.' },
  },
  'raw-cell-too-long': {
    zh: '第 {cell} 格有 {length} 個字元，超過上限 {limit}。',
    en: 'Cell {cell} has {length} characters, over the limit of {limit}.',
    todo: { zh: '請檢查該格內容。', en: 'Look at the cell.' },
  },
  'raw-cell-error': {
    zh: '第 {cell} 格是公式錯誤（{error}）。',
    en: 'Cell {cell} holds the error of a formula ({error}).',
    todo: { zh: '請修正公式或直接輸入內容。', en: 'Correct the formula, or put the value in.' },
  },
  'raw-formula-without-value': {
    zh: '第 {cell} 格是沒有計算結果的公式。',
    en: 'Cell {cell} holds a formula without its result.',
    todo: {
      zh: '請以 Excel 或 LibreOffice 開啟並存檔後再上傳。',
      en: 'Written by a program that does not calculate: open and save it in Excel or LibreOffice.',
    },
  },
  'raw-field-shape': {
    zh: '欄位「{field}」的內容不符合約定（{problem}）。',
    en: 'Field "{field}" is not as agreed ({problem}).',
    todo: { zh: '請通知資料提供單位。', en: 'Tell the operators of the feed.' },
  },
  'raw-map-status': {
    zh: '類型 {type} 與名稱前標示的「{status}」不符，無法判斷何者正確。',
    en: 'Type {type} contradicts the status "{status}" before the name.',
    todo: { zh: '請教育局於全國教保資訊網查明。', en: 'Look it up in the care system.' },
  },
  'raw-text-broken': {
    zh: '欄位「{field}」含有無法保存的字元。',
    en: 'Field "{field}" holds a NUL or a lone surrogate.',
    todo: { zh: '請通知資料提供單位。', en: 'Tell the operators of the feed.' },
  },
} as const satisfies Record<string, Message>;

export const SOURCE_MESSAGES = { ...FILES, ...CARE, ...MAP, ...RAW_ROWS } as const satisfies Record<string, Message>;
