/** Whether the queue's Redis answers: BullMQ itself would wait for it without end. */
import { Redis } from 'ioredis';
import { ExpectedError } from '../schemas/expected-error.ts';

const TIMEOUT_MS = 5_000;

/** @throws ExpectedError naming REDIS_URL, what was tried and what to do; never the password */
export async function reachRedis(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let heard: Error | undefined;
  redis.on('error', (error: Error) => {
    heard = error;
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    const said = (heard ?? (error as Error)) as Error & { code?: string };
    const refused = /NOAUTH|WRONGPASS/.exec(`${said.message} ${(error as Error).message}`)?.[0];
    const advice = refused
      ? `it refused the password (${refused}): correct it`
      : 'check that it runs, and host and port; without REDIS_URL the queue lives in the database';
    throw new ExpectedError(
      `REDIS_URL: cannot use the Redis at ${hostname}:${port || '6379'} (${said.code ?? refused ?? 'no answer'}): ${advice}. Nothing was changed`,
      { cause: error },
    );
  } finally {
    redis.disconnect();
  }
}
