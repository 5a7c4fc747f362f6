/**
 * Titles, 職別 and subjects that the samples use. Schools edit titles freely; `UNKNOWN_TITLES` are meant to be
 * in nobody's table: the pipeline keeps and reports them.
 */
export interface TitleChoice {
  title: string;
  kind: number;
}

const choices = (kind: number, ...titles: string[]): TitleChoice[] => titles.map((title) => ({ title, kind }));

export const PRINCIPAL: TitleChoice = { title: '校長', kind: 1 };
export const HEADS = choices(2, '教務主任', '學務主任', '總務主任', '輔導主任', '教導主任');
export const SECTION_CHIEFS = choices(
  4,
  '教學組長',
  '註冊組長',
  '資訊組長',
  '設備組長',
  '訓育組長',
  '生教組長',
  '體育組長',
  '衛生組長',
  '文書組長',
  '事務組長',
  '輔導組長',
  '特教組長',
);
/** Other spellings of the same duties, as schools write them. */
export const CHIEF_SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  資訊組長: ['教師兼資訊組長', '資訊教育組長', '資訊組組長'],
  教學組長: ['教師兼教學組長', '教學組組長'],
  註冊組長: ['教師兼註冊組長'],
  生教組長: ['生活教育組長', '教師兼生教組長'],
  體育組長: ['體育衛生組長', '教師兼體育組長'],
};
export const HOMEROOM = choices(6, '導師', '級任教師');
export const SUBJECT_TEACHER = choices(7, '專任教師', '科任教師', '教師');
export const SPECIAL = choices(7, '特教教師', '輔導教師', '專任輔導教師');
export const SUBSTITUTE = choices(10, '代理教師', '代課教師', '長期代理教師');
export const PART_TIME: TitleChoice = { title: '兼任教師', kind: 11 };
export const UNKNOWN_TITLES = ['飛行學習引導員', '雙語小組召集人', '校訂課程協作夥伴'] as const;

export const SUBJECTS: Readonly<Record<string, readonly string[]>> = {
  國小: [
    '國語文',
    '數學',
    '英語文',
    '自然科學',
    '社會',
    '生活課程',
    '健康與體育',
    '藝術',
    '綜合活動',
    '本土語文',
    '資訊',
  ],
  國中: [
    '國語文',
    '英語文',
    '數學',
    '生物',
    '理化',
    '地球科學',
    '歷史',
    '地理',
    '公民與社會',
    '體育',
    '健康教育',
    '音樂',
    '視覺藝術',
    '表演藝術',
    '童軍',
    '家政',
    '輔導',
    '資訊科技',
    '生活科技',
  ],
  高中: [
    '國語文',
    '英語文',
    '數學',
    '物理',
    '化學',
    '生物',
    '地球科學',
    '歷史',
    '地理',
    '公民與社會',
    '體育',
    '音樂',
    '美術',
    '生命教育',
    '生涯規劃',
    '資訊科技',
    '全民國防教育',
  ],
  特教: ['生活管理', '社會適應', '職業教育', '國語文', '數學', '定向行動', '點字', '溝通訓練', '休閒教育'],
};

export const CARE_TITLES = ['教師', '教保員', '助理教保員', '學前特殊教育教師'] as const;
export const CARE_OTHERS = ['廚工', '職員', '護理人員', '社會工作人員'] as const;
