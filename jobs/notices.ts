/** Brings notices of published snapshots to the queue, and delivers them: one job for each delivery, tried again with growing pauses for about a day. */
import { UnrecoverableError } from 'bullmq';
import type { PipelineContext } from '../pipelines/context.ts';
import { sendNotice } from '../pipelines/notices/send-notice.ts';
import type { Webhook } from '../pipelines/notices/webhook.ts';
import { type Delivery, dispatchNotices, owedDeliveries, owedNotice, recordAttempt } from '../warehouse/notices.ts';
import type { JobQueue } from './queue.ts';

export interface Notices {
  /** After a commit, and every minute: what is owed and has no job gets one (a queue may have been lost). */
  dispatch(): Promise<void>;
  /** One try. @throws Error where it is to be tried again */
  deliver(delivery: Delivery, lastTry: boolean): Promise<void>;
}

export interface NoticesDependencies {
  ctx: Pick<PipelineContext, 'db' | 'log' | 'signal'>;
  queue: Pick<JobQueue, 'addNotice'>;
  webhooks: readonly Webhook[];
}

export function makeNotices({ ctx, queue, webhooks }: NoticesDependencies): Notices {
  const { db, log, signal } = ctx;
  const now = (): string => new Date().toISOString();
  const webhookOf = (consumer: string): Webhook | undefined => webhooks.find((one) => one.consumer === consumer);
  return {
    dispatch: async () => {
      await dispatchNotices(db, webhooks, now());
      for (const delivery of await owedDeliveries(db)) {
        const webhook = webhookOf(delivery.consumer);
        // One that is configured no more waits until it is again.
        if (webhook) await queue.addNotice(delivery, webhook.retryPauseSeconds * 1000);
      }
    },
    deliver: async (delivery, lastTry) => {
      const { notice, consumer } = delivery;
      const webhook = webhookOf(consumer);
      const owed = await owedNotice(db, delivery);
      if (!owed || !webhook) return;
      const { end, answer } = await sendNotice(webhook, owed, signal);
      const over = end === 'gone' || (end === 'failed' && lastTry);
      const attempts = await recordAttempt(
        db,
        delivery,
        { end: over ? 'given-up' : end === 'delivered' ? 'delivered' : 'failed', answer },
        now(),
      );
      const told = { notice, consumer, snapshot: owed.id, answer, attempts };
      if (end === 'delivered') return log.info(told, 'notice delivered');
      log[over ? 'error' : 'warn'](
        told,
        over ? 'notice given up: the consumer must be told another way' : 'notice not delivered',
      );
      const why = `notice ${notice} for ${consumer} was not delivered: ${answer}`;
      throw over ? new UnrecoverableError(why) : new Error(why);
    },
  };
}
