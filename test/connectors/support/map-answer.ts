/** Answers of the care system's public map, as a browser saves them. */
const TYPES = { 公立: 'spub0', 私立: 'spub1', 非營利: 'spub2', 準公共: 'spub3' } as const;
export type MapStatus = keyof typeof TYPES;

export interface MapItem {
  newsch: number;
  lat: number;
  lng: number;
  sid: string;
  name: string;
  type: string;
}

/** @param jitter moves the point on the map, as it does from day to day */
export const mapItem = (sid: string, status: MapStatus, name: string, jitter = 0): MapItem => ({
  newsch: 1,
  lat: 24.1393998 + jitter,
  lng: 120.7037828 - jitter,
  sid: Buffer.from(sid, 'utf16le').toString('base64'),
  name: `(${status})${name}`,
  type: TYPES[status],
});

export const mapAnswer = (items: readonly unknown[]): string => JSON.stringify(items, null, 2);
