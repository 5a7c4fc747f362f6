import type { Message } from './catalogue.ts';

/** What a receipt asks its reader to do. */
export const RECEIPT_MESSAGES = {
  'receipt-refused': {
    zh: '這次的檔案沒有採用，前次的資料仍然有效。請依上述原因處理後重新上傳。',
    en: 'Nothing of the file was taken; the previous data stand. Put it right as said above and send it again.',
  },
  'receipt-old-file': {
    zh: '這是送過的舊檔案，其後已收到較新的檔案，因此未採用。若確實要改回這份內容，請在欄名列之上加一列「重送」及今天日期後重新上傳。',
    en: 'This file was sent before and newer ones came since: it was not taken. If it is meant, add a line 重送 with the date above the titles.',
  },
  'receipt-held': {
    zh: '本次異動涉及超過單日上限的內容，全部或一部分暫停，尚未寫入名冊，由教育局核定或退回。請先確認送出的檔案是否完整；有誤請重新上傳正確的檔案。',
    en: 'Changes that the file is about are over the limit of one night: all or some of them are held, not in the roster, until the bureau decides. Check that the file is whole; if not, send the right one.',
  },
  'receipt-code-unknown': {
    zh: '學校代碼 {code} 不在學校清單中，因此 {records} 筆資料暫存，尚未列入名冊。請核對代碼：若有誤，請以正確代碼重新上傳；若正確（例如新設學校），請承辦單位補入學校清單，補入後自動列入，不必重新上傳。',
    en: 'The code {code} is on no list of schools: {records} records wait and are in no roster yet. If the code is wrong, send the file under the right one; if it is right, have the school added to the list: they are taken in then, without being sent again.',
  },
  'receipt-institution-unknown': {
    zh: '有 {records} 筆資料的學校代碼或學制不在學校清單中（本檔代碼 {code}），暫存且尚未列入名冊。請核對學校代碼與學制，更正後重新上傳；若正確，請承辦單位補入學校清單，補入後自動列入。',
    en: '{records} records name a code or a section that is on no list of schools (the file is of {code}): they wait and are in no roster yet. Have code and section corrected, or the list: they are taken in then.',
  },
  'receipt-rows': {
    zh: '有 {rows} 列資料未採用（或其中一欄未採用）。請依下表更正後重新上傳完整的檔案，或向承辦單位索取更正檔，更正後送回。',
    en: '{rows} rows, or a value of them, were not taken. Correct them as listed and send the whole file again, or ask for a correction file.',
  },
  'receipt-rows-of-system': {
    zh: '有 {rows} 列資料未採用（或其中一欄未採用）。請依下表在該系統更正；下次讀取時採用，不需另送檔案。',
    en: '{rows} rows, or a value of them, were not taken. Put them right in that system; they are taken when it is heard again.',
  },
  'receipt-missing': {
    zh: '有 {count} 位原有人員不在這份完整名冊上，仍保留在貴校。若已離開，請以離職、轉校或退休報送；若仍在職，請補列。',
    en: '{count} known people are not on this complete list; they stay. Send 離職, 轉校 or 退休 for who left, and list who did not.',
  },
  'receipt-not-judged': {
    zh: '有 {rows} 列無法辨識是誰，因此無法判定這份完整檔案中找不到的 {known} 筆原有資料是否缺列，全部維持原狀。請更正這些列後重新上傳完整的檔案。',
    en: '{rows} rows cannot be told whose they are, so it could not be judged whether the {known} known records that are not on this complete list are missing; all stay. Correct those rows and send the whole list again.',
  },
  'receipt-missing-accounts': {
    zh: '有 {count} 個原有帳號不在這份完整清單上，仍照前次保留。若已刪除，請列出並註明狀態「刪除」；若仍使用，請補列。',
    en: '{count} known accounts are not on this complete list; they stand as before. List them as 刪除, or list them again.',
  },
  'receipt-missing-courses': {
    zh: '有 {count} 門原有課程不在這份完整清單上，仍照前次保留。若已取消，請列出並註明狀態；若仍辦理，請補列。',
    en: '{count} known courses are not on this complete list; they stand as before. List them with their state.',
  },
  'receipt-missing-institutions': {
    zh: '有 {count} 所原有機構不在這份清單上，仍照前次保留；未列出不視為停辦。',
    en: '{count} known institutions are not on this list; they stand as before: that is not a closing.',
  },
  'receipt-matters': {
    zh: '另有 {matters} 件事項請貴校知悉或處理，見「其他事項」。',
    en: '{matters} other matters wait for you, listed below.',
  },
} as const satisfies Record<string, Message>;
