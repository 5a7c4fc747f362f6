import { keyText } from './clean-text.ts';
import { foldVariants } from './fold-variants.ts';
import { isLost } from './person-name.ts';

/** The public map puts the status before the name: `(準公共)臺中市私立甲子園幼兒園`. */
const STATUS = '\\((?:公立|私立|非營利|準公共)\\)';

/** A character of the name was lost on the way: it is never matched on as if whole. */
export const isDamagedName = isLost;

/**
 * Makes the key of institution names: NFKC (bracket widths), no spaces, variants folded (臺/台, 福/褔, 双/雙), the map's status and the
 * city left out in front (`臺中市立X` and `市立X` agree). 市立, 私立, operators and 附設 stay: they tell institutions apart.
 */
export function makeInstitutionNameKey(city: string): (name: string) => string {
  const folded = foldVariants(city.normalize('NFKC')).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const front = new RegExp(`^(?:${STATUS}|${folded}(?!立))+`, 'u');
  const cityOwned = new RegExp(`^${folded}(?=立)`, 'u');
  return (name) => {
    const key = foldVariants(keyText(name));
    const bare = key.replace(front, '').replace(cityOwned, '市');
    return bare === '' ? key : bare;
  };
}
