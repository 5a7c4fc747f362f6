import { remember } from './bounded-cache.ts';
import { codedText } from './coded-values.ts';
import { foldVariants } from './fold-variants.ts';

/** 職別 1–15 as used by a real school system, in order. */
const KINDS =
  '校長,教師兼主任,主任,教師兼組長,組長,導師,專任教師,實習教師,試用教師,代理/代課教師,兼任教師,職員,護士,警衛,工友'.split(
    ',',
  );
/** Beside the fifteen names; titles are not kinds, so this list stays short. */
const KIND_ALIASES = '級任導師=6,級任教師=6,專任=7,代理教師=10,代課教師=10,代理代課教師=10,兼任=11,護理師=13'
  .split(',')
  .map((entry) => entry.split('='))
  .map(([name = '', code]) => [name, Number(code)] as const);
const KIND_CODE: ReadonlyMap<string, number> = new Map([
  ...KINDS.map((name, i) => [name, i + 1] as const),
  ...KIND_ALIASES,
]);

/** Titles of kindergarten staff. They have no 職別: planning counts them by name. */
export const KINDERGARTEN_TITLES =
  '園長,組長,教師,教保員,助理教保員,學前特殊教育教師,護理人員,社會工作人員,廚工,職員'.split(',');
const KINDERGARTEN_ALIASES: ReadonlyMap<string, string> = new Map([
  ...KINDERGARTEN_TITLES.map((title) => [title, title] as const),
  ...['幼兒園教師', '幼教師', '幼兒教師', '代理教師', '代課教師', '導師'].map((alias) => [alias, '教師'] as const),
  ...['學前特教教師', '特教教師', '學前特教老師'].map((alias) => [alias, '學前特殊教育教師'] as const),
  ...['護理師', '護士'].map((alias) => [alias, '護理人員'] as const),
  ...['社工', '社工人員', '社工師'].map((alias) => [alias, '社會工作人員'] as const),
  ...['幹事', '行政人員', '會計', '司機'].map((alias) => [alias, '職員'] as const),
  ['廚師', '廚工'] as const,
  ['代理園長', '園長'] as const,
  ['助教保員', '助理教保員'] as const,
]);
/** Titles that only a kindergarten has: in a school's file they are a hint at a row of the other path (R03). */
const KINDERGARTEN_ONLY = /^(?:代理)?(?:園長|教保員|助理教保員|幼兒園教師|幼教師)$/;

/**
 * Rules for titles of schools, first match wins; text is NFKC, without spaces, 老師 read as 教師. Schools edit titles freely (資訊組長 has many
 * spellings), so rules look at the ends of a title, and what none matches is reported and kept.
 */
const SCHOOL_RULES: readonly (readonly [RegExp, number])[] = [
  [
    /^(?:代理|代課|長代|短代|代理代課|懸缺代理|代理\/代課).*(?:教師|導師|主任|組長)|^(?:代理|代課)$|(?:代理|代課)教師/,
    10,
  ],
  [/^(?:代理|候用)?校長$/, 1],
  [/實習教師|^實習(?:學生|生)$/, 8],
  [/試用教師/, 9],
  [/(?:兼任|鐘點|兼課|支援).*教師|教學支援(?:工作)?人員$|教支人員$|^兼任$/, 11],
  [/(?:教師|導師)\(?兼(?:任)?.*主任\)?$/, 2],
  [/(?:教師|導師)\(?兼(?:任)?.*組長?\)?$/, 4],
  [/^(?:人事|會計|主計)(?:室)?(?:主任|管理員|員)$|會計員|人事員/, 12],
  [/主任$/, 3],
  [/組長$|^副組長$/, 5],
  [/導師$|^級任(?:教師)?$|級任教師$/, 6],
  [/護理師$|護士$|^校護$|護理人員$/, 13],
  [/警衛|^校警$|保全/, 14],
  [/^(?:工友|技工|工員|司機|廚工|臨時工|校工)$/, 15],
  [
    /^(?:職員|幹事|管理員|書記|組員|助理員|技士|技佐|佐理員|營養師|辦事員|事務員|約僱人員|約聘人員|約聘僱人員|契僱人員|臨時人員|行政助理)$|助理員$|助理人員$|幹事$/,
    12,
  ],
  [/教師$|^外師$|^(?:專任|科任|正式|合格)(?:教師)?$/, 7],
];

export interface TitleReading {
  /** 職別 1–15; null in a kindergarten and for an unknown title. */
  code: number | null;
  known: boolean;
  /** The title is one that only kindergartens have. */
  kindergartenOnly: boolean;
}

const titleText = (title: string): string => foldVariants(codedText(title).replaceAll('老師', '教師'));

/** 教師 for 幼教師, null for what is no kindergarten title: what planning compares with its list. */
export const kindergartenTitle = (title: string): string | null => KINDERGARTEN_ALIASES.get(titleText(title)) ?? null;

/** 職別 as `7`, `07`, `7.0`, `專任教師` or `7 專任教師`; null when it is none of the fifteen. */
export function parseTitleKind(text: string): number | null {
  const flat = codedText(text);
  const number = /^(\d{1,2})(?:\D.*)?$/.exec(flat)?.[1];
  if (number !== undefined) return Number(number) >= 1 && Number(number) <= KINDS.length ? Number(number) : null;
  return KIND_CODE.get(flat) ?? KIND_CODE.get(titleText(text)) ?? null;
}

export function parseTitle(title: string, kindergarten: boolean): TitleReading {
  const text = titleText(title);
  if (kindergarten) return { code: null, known: KINDERGARTEN_ALIASES.has(text), kindergartenOnly: false };
  const kindergartenOnly = KINDERGARTEN_ONLY.test(text);
  if (kindergartenOnly) return { code: null, known: true, kindergartenOnly };
  const code = KIND_CODE.get(text) ?? SCHOOL_RULES.find(([rule]) => rule.test(text))?.[1] ?? null;
  return { code, known: code !== null, kindergartenOnly };
}

/** `parseTitle` with memory: titles repeat by the thousand. */
export const makeTitleReader = (kindergarten: boolean): ((title: string) => TitleReading) =>
  remember(5_000, (title) => Object.freeze(parseTitle(title, kindergarten)));

/** `parseTitleKind` with memory. */
export const makeTitleKindReader = (): ((text: string) => number | null) => remember(5_000, parseTitleKind);
