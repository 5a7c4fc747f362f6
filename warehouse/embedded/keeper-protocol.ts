import type { ServerSettings } from './embedded-options.ts';

/** What a starter asks of a keeper: the one argument of keeper.ts, as JSON. It holds no secret: `ps` shows it. */
export interface KeeperOrder {
  home: string;
  lingerMs: number;
  settings: ServerSettings;
}

/**
 * What the keeper tells each client, one JSON document per line. A client says nothing: being connected is what counts.
 * `ready` comes again after the server was restarted; `failed` is the last thing a keeper says.
 */
export type KeeperMessage = { state: 'ready' } | { state: 'failed'; reason: string };

/** Exit status of a keeper that found another one for its home (EX_TEMPFAIL). */
export const ANOTHER_KEEPER = 75;

export function parseOrder(text: string | undefined): KeeperOrder {
  const order: Partial<KeeperOrder> = JSON.parse(text ?? '{}');
  const { home, lingerMs, settings } = order;
  if (typeof home !== 'string' || typeof lingerMs !== 'number' || typeof settings !== 'object') {
    throw new TypeError('keeper.ts expects {"home": string, "lingerMs": number, "settings": object} as its argument');
  }
  return { home, lingerMs, settings };
}

export function parseMessage(line: string): KeeperMessage {
  const message: { state?: unknown; reason?: unknown } = JSON.parse(line);
  if (message.state === 'ready') return { state: 'ready' };
  if (message.state === 'failed') return { state: 'failed', reason: String(message.reason) };
  throw new TypeError(`the keeper said ${line}; expected a state of ready or failed (is it of another version?)`);
}
