/**
 * Made-up names from the published ranks. Inside one institution a name is given once, so that a test can call a person by
 * institution and name; across the city there are namesakes, as in life.
 */
import type { Random } from './random.ts';
import type { NameRanks } from './reference.ts';
import type { Sex } from './state.ts';

/** Characters that Big5 lacks, seen in Taiwan's given names. */
const RARE = ['堃', '喆', '峯', '犇', '煊', '瀞', '綉', '㛄', '栢', '羣', '啓', '𡍼', '𤧹'];
const DOTS = ['‧', '·', '・', '･', '•', '．'];
const INDIGENOUS = {
  男: ['瓦旦', '尤幹', '比令', '達駭', '烏明', '卡照', '布興', '撒韻', '馬紹', '伊斯坦大'],
  女: ['里慕伊', '雅悠', '阿慕依', '巴奈', '莎韻', '吉娃思', '優瑪', '比黛', '伊婕', '烏瑪芙'],
  clan: ['諾幹', '瓦歷斯', '哈勇', '西雅', '馬賴', '達利', '伊斯卡卡夫特', '卡法司', '北拉', '撒耘'],
  roman: ['Watan', 'Yukan', 'Pilin', 'Rimuy', 'Yayut', 'Panay', 'Kasaw', 'Yuma'],
};
const FOREIGN = {
  男: ['JOHN ALBERT', 'MICHAEL TAN', 'PIETER', 'KENJI', 'DAVID LEE'],
  女: ['ANNA MARIE', 'EMILY GRACE', 'SITI', 'YUKO', 'CLAIRE'],
  family: ['SAMPLETON', 'TESTWOOD', 'VAN VOORBEELD', 'MIHON', 'EXEMPLARY', 'CONTOH'],
  vietnamese: ['阮氏秋芳', '陳氏青霞', '黎氏玉草', '范氏美鸞', '武氏紅梅'],
};

export interface NameMaker {
  make(rng: Random, sex: Sex, taken: ReadonlySet<string>, options: { plain: boolean; foreign: boolean }): string;
}

export function nameMaker(ranks: NameRanks, isPlain: (name: string) => boolean): NameMaker {
  const given = (rng: Random, sex: Sex): string => {
    const list = ranks.given[sex];
    const first = rng.weighted(list, ranks.given.cumulative);
    // A second name lends its last character to most: a hundred names a sex are too few for a city.
    return rng.chance(0.4) ? first : first.charAt(0) + rng.weighted(list, ranks.given.cumulative).charAt(1);
  };
  const unusual = (rng: Random, sex: Sex): string | null => {
    const roll = rng.next();
    if (roll < 0.006)
      return rng.weighted(ranks.surnames.list, ranks.surnames.cumulative) + given(rng, sex).charAt(0) + rng.pick(RARE);
    if (roll > 0.01) return null;
    const name = `${rng.pick(INDIGENOUS[sex])}${rng.pick(DOTS)}${rng.pick(INDIGENOUS.clan)}`;
    return rng.chance(0.3) ? `${name} ${rng.pick(INDIGENOUS.roman)}` : name;
  };
  const abroad = (rng: Random, sex: Sex): string =>
    sex === '女' && rng.chance(0.3)
      ? rng.pick(FOREIGN.vietnamese)
      : `${rng.pick(FOREIGN.family)} ${rng.pick(FOREIGN[sex])}`;
  const ordinary = (rng: Random, sex: Sex): string =>
    rng.weighted(ranks.surnames.list, ranks.surnames.cumulative) +
    (rng.chance(0.02) ? given(rng, sex).charAt(0) : given(rng, sex));

  return {
    make(rng, sex, taken, options) {
      for (let attempt = 0; attempt < 500; attempt++) {
        const special = options.plain ? null : options.foreign ? abroad(rng, sex) : unusual(rng, sex);
        const name = special ?? ordinary(rng, sex);
        if (taken.has(name) || (options.plain && !isPlain(name))) continue;
        return name;
      }
      throw new Error('no unused name found in 500 attempts: the institution is too large for the name lists');
    },
  };
}
