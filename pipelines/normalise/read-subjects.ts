import { remember } from './bounded-cache.ts';
import { saysNothing } from './clean-text.ts';

const SEPARATORS = /[、;；/／,，|+＋&＆．‧・\r\n]/u;
/** Common short forms only; a subject that is not here is kept as the school wrote it. */
const ALIASES: ReadonlyMap<string, string> = new Map(
  [
    ['國語文', '國語,國文,語文'],
    ['英語文', '英語,英文'],
    ['本土語文', '本土語,本土語言,鄉土語言'],
    ['數學', '數學領域'],
    ['自然科學', '自然,自然與生活科技'],
    ['健康與體育', '健體'],
    ['特殊教育', '特教'],
    ['資訊科技', '資訊,電腦'],
    ['輔導', '輔導活動'],
    ['幼兒教育', '幼教'],
    ['社會', '社會領域'],
    ['綜合活動', '綜合'],
    ['公民與社會', '公民'],
    ['表演藝術', '表藝'],
    ['視覺藝術', '視藝'],
    ['生活科技', '生科'],
  ].flatMap(([subject, aliases]) => aliases!.split(',').map((alias) => [alias, subject!] as const)),
);

const NAMES: ReadonlySet<string> = new Set(ALIASES.values());

/** 數學科 and 數學領域 are 數學, where that is a subject of the table. */
function subjectOf(text: string): string {
  const key = text.normalize('NFKC').replace(/\s+/gu, '');
  const bare = key.replace(/(?:科|領域)$/u, '');
  return ALIASES.get(key) ?? ALIASES.get(bare) ?? (NAMES.has(bare) ? bare : text);
}

/** 任教科目 in the order given, each once. The array is shared between rows and frozen. */
export function parseSubjects(text: string): string[] {
  const subjects = new Set<string>();
  for (const part of text.split(SEPARATORS)) {
    const subject = part.trim();
    if (!saysNothing(subject)) subjects.add(subjectOf(subject));
  }
  return Object.freeze([...subjects]) as string[];
}

/** `parseSubjects` with memory. */
export const makeSubjectsReader = (): ((text: string) => string[]) => remember(10_000, parseSubjects);
