import type { Message } from './catalogue.ts';

/** What a snapshot asks of a person: what went wrong with the freeze of a cut-off (R24), and rows whose purpose is over; exceptions of every run until somebody acted. */
export const INCIDENT_MESSAGES = {
  'cut-off-care-stale': {
    zh: '{campaign} 年度基準日當天未取得全國教保資訊網的資料；基準時間 {cutOff} 結算之幼兒園名單沿用 {last} 的資料，其後核定之異動未列入（R15、R24）。',
    en: 'The care system was not heard on the day of the cut-off {cutOff} of campaign {campaign}: kindergartens are frozen as of {last}, without what was approved since (R15, R24).',
    todo: {
      zh: '請教育局確認其後核定之異動是否應列入：應列入者以更正版快照辦理（mingce snapshot create … --reason … --as …），無須更正者註明理由暫不處理（mingce exceptions suppress）；請系統維運人員查明原因。',
      en: 'The bureau: decide whether what was approved since belongs in; if so, a correction ("mingce snapshot create … --reason … --as …"), else put the matter aside with the reason ("mingce exceptions suppress"). Ops: find the cause.',
    },
  },
  'closing-failed': {
    zh: '{campaign} 年度基準時間 {cutOff} 的結算失敗（第 {run} 次執行），快照尚未凍結；基準時間起送達的學校檔案暫不讀取（R24）。',
    en: 'The closing run of the cut-off {cutOff} of campaign {campaign} failed (run {run}): nothing is frozen yet, and files of schools from then on wait (R24).',
    todo: {
      zh: '請系統維運人員查明原因後重新執行（mingce sync）；無法結算時由人工產生快照（mingce snapshot create）。',
      en: 'Ops: find the cause and run again ("mingce sync"); where it cannot succeed, take the snapshots by hand ("mingce snapshot create").',
    },
  },
  'snapshot-due': {
    zh: '快照 {snapshot} 的明細保存至 {until}，特定目的已消失，個人資料應予銷毀（個資法第 11 條）。',
    en: 'The rows of snapshot {snapshot} were kept until {until}: their purpose is over, and the personal data in them is to be destroyed (個資法 §11).',
    todo: {
      zh: '請教育局銷毀明細（mingce snapshot shred --due），清單、簽章與雜湊值保留；仍有依法保留之必要者，於年度設定（keepUntil）延長保存期限。',
      en: 'The bureau shreds them ("mingce snapshot shred --due"): manifest, signature and hashes stay. Where the law asks to keep them, the campaign says until when (keepUntil).',
    },
  },
} as const satisfies Record<string, Message>;
