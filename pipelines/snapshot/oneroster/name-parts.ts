/**
 * OneRoster wants two names of everybody; the roster has one, as the household register writes it. **Reading**: which part is the family name. Set beside each
 * other in the order of the script, both are always the whole name; the legal name itself goes along in a column of its own.
 */
const COMPOUND: ReadonlySet<string> = new Set(
  '歐陽 司馬 司徒 諸葛 上官 端木 夏侯 皇甫 尉遲 公孫 慕容 長孫 宇文 東方 南宮 西門 令狐 呼延 軒轅 鍾離 聞人 申屠 澹臺 濮陽 淳于 赫連 張簡 范姜 張廖 張李 徐辜 葉劉 翁林 江謝 姜林 周黃 梁丘 百里 司空 第五'.split(
    ' ',
  ),
);
const HAN = /\p{Script=Han}/u;
const MIDDLE_DOT = /[‧·・･•．.]/u;
/** Neither name may be empty. */
const NONE = '-';

export interface NameParts {
  familyName: string;
  givenName: string;
}

export function nameParts(name: string): NameParts {
  const text = name.trim();
  return HAN.test(text) ? hanParts(text) : romanParts(text);
}

function hanParts(text: string): NameParts {
  const signs = [...text];
  const dot = signs.findIndex((sign) => MIDDLE_DOT.test(sign));
  // 撒韵‧武荖: who reads family and given name together reads the name as it is.
  const family = dot > 0 && dot < signs.length - 1 ? dot + 1 : familyLength(signs);
  return { familyName: signs.slice(0, family).join(''), givenName: signs.slice(family).join('') || NONE };
}

/** Four signs begin with two family names: one of both parents, or that of the husband before. */
function familyLength(signs: readonly string[]): number {
  if (signs.length === 4) return 2;
  return signs.length > 2 && COMPOUND.has(signs.slice(0, 2).join('')) ? 2 : 1;
}

function romanParts(text: string): NameParts {
  const words = text.split(/\s+/);
  const family = words.pop() as string;
  return words.length === 0
    ? { familyName: family || NONE, givenName: NONE }
    : { familyName: family, givenName: words.join(' ') };
}
