import hongKongVariants from 'opencc-js/dict/HKVariants';
import taiwanVariants from 'opencc-js/dict/TWVariants';

/**
 * Glyphs of one character that registers, fonts and input methods mix up, beyond OpenCC's: each group folds to its first. Unicode does not fold them.
 * Left out on purpose: 黃/黄 鍾/鐘 涂/凃 and 余/餘 范/範 岳/嶽 芸/藝 凌/淩 萬/万, which are distinct registered surnames or given-name characters, and
 * simplified characters that stand for several traditional ones (钟, 后, 发) or are also written in Taiwan (庄, 云).
 */
const OWN_GROUPS =
  '峰峯|群羣|啟啓啔|溫温|雙双|福褔|眾衆|恆恒|強强|真眞|慎愼|鎮鎭|顏顔|彥彦|產産|內内|青靑|清淸|靜静|淨净浄|惠恵|德徳悳|教敎|綠緑|錄録|吳吴呉|晉晋|勛勳勲|淵渕渊|豔艷艶|瑤瑶|遙遥|搖揺|鄰隣|館舘|麻蔴|果菓|村邨|' +
  '寶寳|鑑鑒|繡綉|略畧|熙煕熈|冊册|並竝|填塡|值値|冰氷|兔兎|姊姉|荔茘|豐豊|飆飈|闊濶|雞鷄|蘇蘓|裡裏|衛衞|說説|悅悦|銳鋭|稅税|戶户戸|脫脱|絕絶|鄉鄊|尚尙|黑黒|曾曽|巢巣|卻却|凜凛|羨羡|堯尭|晚晩|暨曁|' +
  '姬姫|薰薫|壽寿|榮栄|櫻桜|澤沢|龍竜|邊辺|廣広|齊斉|齋斎|瀨瀬|濱濵|曉暁|禮礼|島嶋|崎﨑|高髙';

/** Simplified glyphs that stand for one traditional character only and are no registered character of Taiwan: 刘 is an input method's work. */
const SIMPLIFIED_GROUPS =
  '陳陈|劉刘|張张|楊杨|趙赵|孫孙|馬马|鄭郑|謝谢|許许|鄧邓|馮冯|蕭萧|盧卢|蔣蒋|賈贾|韋韦|鄒邹|閻阎|龍龙|賀贺|顧顾|龔龚|錢钱|湯汤|羅罗|葉叶|呂吕|蘇苏|賴赖|賴頼|顏颜|簡简|連连|藍蓝|饒饶|紀纪|歐欧|陽阳|譚谭|' +
  '駱骆|嚴严|陸陆|鳳凤|華华|偉伟|麗丽|軍军|濤涛|蘭兰|剛刚|輝辉|紅红|寶宝|貴贵|國国|榮荣|東东|義义|廣广|慶庆|進进|鋒锋|維维|詩诗|穎颖|瑩莹|潔洁|銘铭|鈴铃|錦锦|凱凯|亞亚|賢贤|嵐岚|嬌娇|懷怀|愷恺|曉晓|樺桦|' +
  '楨桢|夢梦|櫻樱|歡欢|潤润|澤泽|濱滨|瀾澜|靈灵|煒炜|煥焕|燁烨|瑋玮|瓏珑|瓊琼|碩硕|禎祯|純纯|紹绍|綺绮|繼继|緒绪|緣缘|聰聪|肅肃|蓮莲|螢萤|誠诚|誼谊|謙谦|贊赞|軒轩|遠远|邁迈|鈞钧|欽钦|鈺钰|銓铨|銳锐|聞闻|' +
  '韻韵|飛飞|馳驰|駿骏|鴻鸿|鵬鹏|鶴鹤|齊齐|靜静|豔艳';

function table(): ReadonlyMap<string, string> {
  const direct = new Map<string, string>();
  for (const pair of `${taiwanVariants}|${hongKongVariants}`.split('|')) {
    const [from, to] = pair.split(' ');
    if (from && to && Array.from(from).length === 1) direct.set(from, to);
  }
  for (const group of `${OWN_GROUPS}|${SIMPLIFIED_GROUPS}`.split('|')) {
    const [first, ...others] = Array.from(group);
    for (const other of others) if (first && other !== first) direct.set(other, first);
    if (first) direct.delete(first);
  }
  const folded = new Map<string, string>();
  for (const from of direct.keys()) {
    let to = from;
    for (let steps = 0; steps < direct.size && direct.has(to); steps++) to = direct.get(to)!;
    if (to !== from) folded.set(from, to);
  }
  return folded;
}

/** Built once from constants; read only. */
export const VARIANTS: ReadonlyMap<string, string> = table();
/** Code units that a variant begins with: most names hold none, and a class of so many single characters is slow to match. */
const BEGINS_VARIANT: Readonly<Uint8Array> = firstUnits();

function firstUnits(): Uint8Array {
  const units = new Uint8Array(0x1_0000);
  for (const variant of VARIANTS.keys()) units[variant.charCodeAt(0)] = 1;
  return units;
}

function mayHoldVariant(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (BEGINS_VARIANT[text.charCodeAt(i)] === 1) return true;
  return false;
}

/** One glyph per character, for keys only: people see what was registered. */
export function foldVariants(text: string): string {
  if (!mayHoldVariant(text)) return text;
  let folded = '';
  for (const character of text) folded += VARIANTS.get(character) ?? character;
  return folded;
}
