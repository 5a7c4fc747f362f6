import type { Message } from './catalogue.ts';

/** What people who decide are told of themselves, and what is found out about the audit trail. */
export const USER_MESSAGES = {
  'user-not-accepted': {
    zh: '使用者名稱或通行碼不被接受。',
    en: 'The user or the credential is not accepted.',
    todo: {
      zh: '請核對後再試；連續 {failures} 次不符須等 {minutes} 分鐘。久未使用、已停用或遺失通行碼者，請洽系統維運人員。',
      en: 'Check both and try again; after {failures} failures in a row {minutes} minutes must pass. Ops helps whoever was away for long, was disabled or lost the credential.',
    },
  },
  'user-not-allowed': {
    zh: '使用者 {name} 不能執行這項操作；須為未停用且角色為 {roles} 的使用者。',
    en: 'The user {name} may not do this; it takes an active user of role {roles}.',
  },
  'user-as-needed': {
    zh: '只有新系統的第一位使用者不需由他人新增。請以 --as 指明辦理的維運人員（ops）；若維運人員都已無法登入，請依 docs/operations.md 的程序恢復。',
    en: 'Only the first user of a new installation is made by nobody. Give --as with an ops user; docs/operations.md says what to do when no ops user can sign in any more.',
  },
  'user-first-is-ops': {
    zh: '第一位使用者須為維運人員（--role ops），其後由他新增其他人。',
    en: 'The first user must be of role ops (--role ops), who adds the others.',
  },
  'user-name-unfit': {
    zh: '這個名稱不能用：須為 2 至 40 個字元，以小寫英文字母開頭，其後為小寫英文字母、數字、點、連字號或底線，不得為身分證字號，也不得為 installation、unproven、unknown。',
    en: 'That name cannot be used: expected 2 to 40 characters, a small Latin letter, then small letters, digits, dots, hyphens or underscores; no personal identifier, and not installation, unproven or unknown.',
  },
  'user-institution': {
    zh: '學校人員（--role school）須以 --institution 指明所代表的學校或幼兒園代碼，例如 064601；其他角色不得指明。',
    en: 'A user of role school needs --institution with the code of the school or kindergarten, e.g. 064601; other roles take none.',
  },
  'user-exists': {
    zh: '使用者 {name} 已存在；停用過的名稱也不能再給別人。請換一個名稱，或以 users renew 換發通行碼。',
    en: 'The user {name} is there already; the name of one who was disabled is nobody else’s either. Take another name, or "mingce users renew" for a new credential.',
  },
  'user-unknown': {
    zh: '沒有這位使用者；users list 列出所有使用者。',
    en: 'There is no such user; "mingce users list" shows all.',
  },
  'user-disabled-already': {
    zh: '使用者 {name} 已停用。',
    en: 'The user {name} is disabled already.',
  },
  'user-is-disabled': {
    zh: '使用者 {name} 已停用，不能只換發通行碼。若確實要讓他再使用，請加上 --enable；users list 列出停用的原因。',
    en: 'The user {name} was disabled: a new credential alone does not let them in. Add --enable if that is meant; "mingce users list" says why it was.',
  },
  'user-last-ops': {
    zh: '使用者 {name} 是最後一位還能登入的維運人員（ops），不能停用。請先新增另一位。',
    en: 'The user {name} is the last of role ops who can sign in, and is not disabled. Add another one first.',
  },
  'audit-row-changed': {
    zh: '稽核軌跡第 {row} 列的內容與其雜湊值不符：這一列被改過。',
    en: 'Row {row} of the audit trail is not what its digest says: it was changed.',
    todo: {
      zh: '請系統維運人員保全資料庫與備份，查明何人何時改動，並依資安事件程序通報。',
      en: 'Ops: keep database and backups as they are, find out who changed it and when, and report it as an incident.',
    },
  },
  'audit-row-missing': {
    zh: '稽核軌跡缺少第 {row} 列：曾經有過，現已不在。',
    en: 'Row {row} of the audit trail is missing: it was there.',
    todo: {
      zh: '請系統維運人員保全資料庫與備份，查明何人何時移除，並依資安事件程序通報。',
      en: 'Ops: keep database and backups as they are, find out who removed it and when, and report it as an incident.',
    },
  },
  'audit-row-added': {
    zh: '稽核軌跡多出第 {row} 列：不是由系統寫入。',
    en: 'Row {row} of the audit trail was not written by Mingce.',
    todo: {
      zh: '請系統維運人員保全資料庫與備份，查明何人何時寫入，並依資安事件程序通報。',
      en: 'Ops: keep database and backups as they are, find out who wrote it and when, and report it as an incident.',
    },
  },
  'audit-row-unlinked': {
    zh: '稽核軌跡第 {row} 列接不上前一列：這一列或前一列被換過。',
    en: 'Row {row} of the audit trail does not follow on the one before: one of the two was replaced.',
    todo: {
      zh: '請系統維運人員保全資料庫與備份，查明何人何時改動，並依資安事件程序通報。',
      en: 'Ops: keep database and backups as they are, find out who changed it and when, and report it as an incident.',
    },
  },
  'audit-row-not-as-noted': {
    zh: '稽核軌跡第 {row} 列與先前另行抄存的雜湊值不同：軌跡曾被整段改寫，或抄存有誤。',
    en: 'Row {row} of the audit trail has another digest than was noted: the trail was written anew, or the note is wrong.',
    todo: {
      zh: '請系統維運人員核對抄存的值；若無誤，請保全資料庫與備份，並依資安事件程序通報。',
      en: 'Ops: check the note; if it is right, keep database and backups as they are and report it as an incident.',
    },
  },
} as const satisfies Record<string, Message>;
