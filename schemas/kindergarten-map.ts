/** What the public map of the care system answers for one district: an array of these, without a moment, a total or a status. */
import { z } from 'zod';

/** `newsch` is 1 on all that were ever seen; what it means is not published. `lat` and `lng` jitter from day to day. */
export const mapItem = z.looseObject({
  newsch: z.number().optional(),
  lat: z.number().optional(),
  lng: z.number().optional(),
  /** base64 of UTF-16LE of the sid. */
  sid: z.string().min(1),
  /** The official name, behind its status in brackets: `(準公共)臺中市私立甲子園幼兒園`. */
  name: z.string().min(1),
  /** spub0 公立, spub1 私立, spub2 非營利, spub3 準公共. A new one is the normaliser's to judge. */
  type: z.string().min(1),
});
export type MapItem = z.infer<typeof mapItem>;
