import type { Message } from './catalogue.ts';

/** What a run finds of business accounts (R16 to R23); part of `EXCEPTION_MESSAGES`. */
export const ACCOUNT_MESSAGES = {
  'account-handed-over': {
    zh: '此帳號自 {since} 起改由另一人使用；帳號限本人使用，不得轉交他人（R19）。來源所報已照錄。',
    en: 'From {since} on another person holds this account; an account is never handed over (R19). What the source says was recorded.',
    todo: {
      zh: '請學校刪除此帳號，由新使用者本人另行申請、總負責人開通（R20；總負責人帳號由本市教師研習中心辦理）；若為誤報或身分證字號更正，請更正帳號與名冊後重新報送。',
      en: 'The school: delete the account; the new holder applies for one of their own, which the 總負責人 enables (R20; those of a 總負責人 go through 本市教師研習中心). If it is a slip or a corrected identifier, correct accounts and roster and send them again.',
    },
  },
  'account-deletion-blocked': {
    zh: '名冊填報刪除此帳號，但帳號登錄的課程尚有 {courses} 門未「名單確認通過」（{first}），未刪除（R21）。',
    en: 'The account is told to be deleted, and {courses} of its courses are not 名單確認通過 yet ({first}): it was not deleted (R21).',
    todo: {
      zh: '請學校先完成這些課程的名單確認，並更新研習課程檔；全部通過後即自動刪除。',
      en: 'The school: have the lists of these courses confirmed and send the course file; the account is deleted once all are through.',
    },
  },
  'account-name-returned': {
    zh: '已刪除的帳號名稱再次出現；帳號不得轉給他人使用（R19），未予恢復。',
    en: 'A deleted account name came back; names are never reused (R19), so it was not reopened.',
    todo: {
      zh: '請學校改用新帳號，由本人申請、總負責人開通（R20）。',
      en: 'The school: use a new name; the holder applies, the 總負責人 enables it (R20).',
    },
  },
  'account-lead-requested': {
    zh: '學校檔案報請{asked}總負責人帳號；總負責人帳號由本市教師研習中心辦理，尚未採用，帳號維持原狀（R18）。',
    en: 'The file of the school asks for a 總負責人 account to be enabled, changed or deleted ({asked}); that is done by 本市教師研習中心, so nothing of it was taken (R18).',
    todo: {
      zh: '請教育局將申請清單送本市教師研習中心（mingce accounts requests），辦妥後登記（mingce accounts done）。',
      en: 'The bureau: hand the list to 本市教師研習中心 ("mingce accounts requests"), and record what it did ("mingce accounts done").',
    },
  },
  'account-centre-otherwise': {
    zh: '研習中心已將此總負責人帳號辦為「{centre}」，學校檔案其後改報為「{told}」，名冊仍為「{known}」（R18）。',
    en: '本市教師研習中心 made this account of a 總負責人 {centre}; the file of the school says {told} since, and the roster has it as {known} (R18).',
    todo: {
      zh: '請教育局向研習中心查明帳號現況：已辦理者請學校依辦理結果報送，待辦者重新登記（mingce accounts done）。',
      en: 'The bureau: ask 本市教師研習中心 how the account stands. The school: send it as it is; what the centre does then is recorded again ("mingce accounts done").',
    },
  },
  'account-lead-applied': {
    zh: '總負責人帳號自 {since} 起申請中，待本市教師研習中心開通（R18）。',
    en: 'A 總負責人 account was applied for from {since} on; 本市教師研習中心 enables it (R18).',
    todo: {
      zh: '請教育局將申請清單送本市教師研習中心（mingce accounts requests），辦妥後登記（mingce accounts done）。',
      en: 'The bureau: hand the list to 本市教師研習中心 ("mingce accounts requests"), and record what it did ("mingce accounts done").',
    },
  },
  'account-lead-handed-over': {
    zh: '學校檔案將總負責人帳號改報為另一人使用；帳號限本人使用，不得轉交（R19），未採用，帳號維持原狀。',
    en: 'The file of the school gives a 總負責人 account to another person; an account is never handed over (R19), so nothing of it was taken.',
    todo: {
      zh: '請學校由新任總負責人本人另行申請帳號（R20），並報請刪除舊帳號；若為誤報或身分證字號更正，請更正帳號與名冊後重新報送。',
      en: 'The school: the new 總負責人 applies for an account of their own (R20), and the old one is told to be deleted; if it is a slip, correct accounts and roster and send them again.',
    },
  },
  'account-missing': {
    zh: '最近一次完整的帳號清冊未列 {accounts} 個現有帳號（{first}）；未列不等於刪除，帳號維持原狀（I12）。',
    en: 'The last complete list has {accounts} accounts no more ({first}); that does not delete them, so they stand (I12).',
    todo: {
      zh: '請學校於帳號清冊補列；不再使用的帳號請報送停用或刪除。',
      en: 'The school: list them again, or tell that they are disabled or deleted.',
    },
  },
  'account-state-refused': {
    zh: '帳號由「{from}」改報為「{to}」，不合帳號開通程序（R20），未採用，帳號維持原狀。',
    en: 'The account is told to go from {from} to {to}, which no account does (R20); nothing of it was taken.',
    todo: { zh: '請學校核對帳號狀態後重新報送。', en: 'The school: check the state of the account and send it again.' },
  },
  'account-section-changed': {
    zh: '此帳號原屬本校另一學制，學校檔案改報學制；帳號不隨之移轉，此列未採用，帳號維持原狀。',
    en: 'The account belongs to another section of the school than its file says now; accounts do not move, so nothing of the row was taken.',
    todo: {
      zh: '請學校核對學制後重新報送；若業務確已移至另一學制，請刪除此帳號，由使用者本人以新帳號另行申請（R19、R20）。',
      en: 'The school: check the section and send it again. Where the work did move, delete the account; its holder applies for one of another name (R19, R20).',
    },
  },
  'account-holder-untold': {
    zh: '此帳號自 {since} 起的使用人姓名與先前不同，但沒有身分證字號可核對是否為同一人（R19）；未作判定。',
    en: 'From {since} on the account has a holder of another name, and no identifier tells whether it is another person (R19); nothing was concluded.',
    todo: {
      zh: '請學校確認並補報使用人的身分證字號；若已換人使用，請刪除此帳號，由新使用者本人另行申請（R20）。',
      en: 'The school: check it and send the identifier; where the holder is another one, delete the account, and the new holder applies for one of their own (R20).',
    },
  },
  'account-name-reused': {
    zh: '此帳號名稱原為 {school} 學校另一人所用，於 {since} 刪除；刪除的帳號名稱不得由他人再用（R19）。來源所報已照錄。',
    en: 'The name of the account was that of another person at school {school}, deleted on {since}; a freed name is never used by another person (R19). What the source says was recorded.',
    todo: {
      zh: '請學校改用新帳號，由本人申請、總負責人開通（R20）。',
      en: 'The school: use a new name; the holder applies, the 總負責人 enables it (R20).',
    },
  },
  'account-name-shared': {
    zh: '同一學校的同一帳號名稱，此來源與「{other}」報為不同人使用（或無身分證字號可資核對）；帳號限本人使用（R19）。兩者均已照錄。',
    en: 'Another list ({other}) of the school has the same account name for somebody else, or for whom no identifier tells: an account is one person’s (R19). Both were recorded.',
    todo: {
      zh: '請學校核對帳號使用人，只由一個來源報送；非本人者請另行申請帳號（R20）。',
      en: 'The school: check whose account it is and send it in one list only; the other person applies for another account (R20).',
    },
  },
  'account-orphaned': {
    zh: '帳號仍為啟用，但使用人自 {since} 起已不在本校名冊；如為總負責人帳號，於本市教師研習中心辦理前保留，學校計畫由新任總負責人辦理（R16、R18）。',
    en: 'The account is enabled, and its holder is on the roster of the school no more from {since} on. One of a 總負責人 is kept until 本市教師研習中心 acts (R16, R18).',
    todo: {
      zh: '請學校報請停用或刪除此帳號，由接任者本人申請帳號（R20）。',
      en: 'The school: tell that it is disabled or deleted; whoever follows applies for an account of their own (R20).',
    },
  },
  'account-idle': {
    zh: '有 {accounts} 個啟用中的帳號超過 {days} 天沒有登入（{first}）。',
    en: '{accounts} enabled accounts were not used for more than {days} days ({first}).',
    todo: { zh: '請學校確認，不再使用者請停用或刪除。', en: 'The school: disable or delete those that nobody needs.' },
  },
  'account-duplicate': {
    zh: '同一人在本校有兩個啟用中的「{kind}」帳號，另一個為 {account}。',
    en: 'One person has two enabled accounts of one kind ({kind}) at the school; the other one is {account}.',
    todo: { zh: '請學校留用其一，其餘刪除。', en: 'The school: keep one of them and delete the others.' },
  },
  'account-enabled-by-holder': {
    zh: '此「{kind}」帳號的開通人與使用人同名；帳號由本人申請、總負責人開通，總負責人帳號由本市教師研習中心開通，不得自行開通（R20）。',
    en: 'Whoever enabled the account ({kind}) has the name of its holder: the 總負責人 enables accounts, 本市教師研習中心 those of a 總負責人, nobody their own (R20).',
    todo: {
      zh: '請學校說明；若確為自行開通，請停用後依程序重新申請。',
      en: 'The school: explain it; if the holder did it, disable the account and apply for it again.',
    },
  },
  'account-applied-by-other': {
    zh: '此帳號的申請人不是使用人；帳號須由使用者本人申請（R20）。',
    en: 'Somebody else applied for the account; a new holder applies personally (R20).',
    todo: { zh: '請學校由使用者本人重新申請。', en: 'The school: the holder applies again.' },
  },
  'account-origin-untold': {
    zh: '有 {accounts} 個新開通的帳號未載明申請人或開通人，無法核對是否由本人申請、總負責人開通（R20）。',
    en: '{accounts} newly enabled accounts do not say who applied and who enabled them, so R20 could not be checked.',
    todo: {
      zh: '請學校於帳號清冊加列「申請人」「開通人」欄。',
      en: 'The school: add the columns 申請人 and 開通人 to its list of accounts.',
    },
  },
  'account-kind-unknown': {
    zh: '有 {accounts} 個帳號的類別「{kind}」不在{section}的帳號類別表內（R23）。',
    en: '{accounts} accounts are of kind {kind}, which the table of kinds does not have for {section} (R23).',
    todo: {
      zh: '請學校核對帳號類別；若確有此類別，請教育局補入帳號類別表。',
      en: 'The school: check the kind. The bureau: add one that there is to the table.',
    },
  },
} as const satisfies Record<string, Message>;
