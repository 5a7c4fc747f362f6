/** One try to tell a consumer of a published snapshot (Standard Webhooks, signature v1). It names the snapshot and holds no data of people. */
import type { OwedNotice } from '../../warehouse/notices.ts';
import type { Webhook } from './webhook.ts';

const ANSWERS_WITHIN_MS = 15_000;
/** 410: the receiver wants no more. */
const GONE = 410;

export interface Answer {
  end: 'delivered' | 'failed' | 'gone';
  /** Status, or why there was none: `ECONNREFUSED`, `timeout`. */
  answer: string;
}

export const noticeBody = ({ event: _, publishedAt, ...data }: OwedNotice): string =>
  JSON.stringify({ type: 'snapshot.published', timestamp: publishedAt, data });

const whyNot = (error: unknown): string => {
  if ((error as Error).name === 'TimeoutError') return 'timeout';
  const { cause } = error as { cause?: { code?: string; name?: string } };
  return cause?.code ?? cause?.name ?? (error as Error).name;
};

/** Redirects are not followed: the secret was given for one address. @param signal ends the try, and is no answer */
export async function sendNotice({ url, signer }: Webhook, notice: OwedNotice, signal: AbortSignal): Promise<Answer> {
  const body = noticeBody(notice);
  const id = `msg_${notice.event}`;
  const at = new Date();
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Mingce',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': signer.sign(id, at, body),
  };
  try {
    const within = AbortSignal.any([signal, AbortSignal.timeout(ANSWERS_WITHIN_MS)]);
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal: within });
    await response.body?.cancel();
    const answer = String(response.status);
    if (response.ok) return { end: 'delivered', answer };
    return { end: response.status === GONE ? 'gone' : 'failed', answer };
  } catch (error) {
    signal.throwIfAborted();
    return { end: 'failed', answer: whyNot(error) };
  }
}
