/**
 * Tokens of consumers: made here, 256 random bits, shown once and kept as SHA-256 only: nobody guesses one, so a slow hash would add nothing. Each opens
 * some kinds of snapshot until its day ends or somebody revokes it. Made and revoked by an ops person, with the audit row in one transaction.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { PlanKind } from '../schemas/campaign.ts';
import { type Consumer, ConsumerRequestError, consumerName, MOST_TOKEN_DAYS } from '../schemas/consumers.ts';
import type { TokenLine } from '../schemas/outputs/consumers.ts';
import type { ActingUser } from '../schemas/users.ts';
import { appendAudit } from './audit.ts';
import type { Database, Transaction } from './connect.ts';
import { holdToRole } from './hold-to-role.ts';

const PREFIX = 'mingce_';
/** Anything else is no token of ours, and is not even looked for. */
const TOKEN = /^mingce_[\w-]{43}$/;

export interface TokenRequest {
  by: ActingUser;
  /** ISO moment. */
  now: string;
}
export interface NewToken {
  consumer: string;
  kinds: readonly PlanKind[];
  /** Last day on which it counts, Asia/Taipei. */
  through: string;
}
/** Shown once to whoever asked for it, and kept nowhere. */
export interface IssuedToken {
  id: number;
  consumer: string;
  token: string;
}

/** SQL: whether it was not written within the minute that a token `t` is used. */
export const isStale = (moment: string): string => `coalesce(${moment} >= t.last_used_at + interval '1 minute', true)`;
/** SQL: whether a token `t` counts at a moment. */
export const counts = (moment: string): string => `(t.revoked_at IS NULL AND t.expires_at > ${moment})`;

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** @returns the moment at which the day ends. @throws ConsumerRequestError for a day that has ended, or is too far ahead */
async function endOf(trx: Transaction, day: string, now: string): Promise<string> {
  const { rows } = await trx.raw(
    `SELECT ends AS end, ends > moment AND ends <= moment + make_interval(days => :days) AS fits
     FROM (SELECT (CAST(:day AS date) + 1) AT TIME ZONE 'Asia/Taipei' AS ends, CAST(:now AS timestamptz) AS moment) AS t`,
    { day, now, days: MOST_TOKEN_DAYS + 1 },
  );
  if (!rows[0].fits) throw new ConsumerRequestError('token-expiry', { day, days: MOST_TOKEN_DAYS });
  return rows[0].end;
}

/**
 * Each token of a consumer counts beside its others, so that one can be changed for another without a gap.
 * @throws ConsumerRequestError for a name or day that cannot be; UserRefusedError where `by` is no ops person
 */
export async function addToken(
  db: Database,
  { consumer, kinds, through }: NewToken,
  { by, now }: TokenRequest,
): Promise<IssuedToken> {
  if (!consumerName.safeParse(consumer).success) throw new ConsumerRequestError('consumer-name-unfit');
  const token = `${PREFIX}${randomBytes(32).toString('base64url')}`;
  return db.transaction(async (trx) => {
    await holdToRole(trx, by, ['ops']);
    const expires = await endOf(trx, through, now);
    const row = { consumer, kinds: [...kinds], digest: digestOf(token), created_at: now, created_by: by.name };
    const [{ id }] = await trx('ops.api_token')
      .insert({ ...row, expires_at: expires })
      .returning('id');
    const detail = { token: id, kinds, through };
    await appendAudit(trx, { at: now, actor: by.name, action: 'token-added', subject: `consumer:${consumer}`, detail });
    return { id, consumer, token };
  });
}

/**
 * It opens nothing from the next request on.
 * @throws ConsumerRequestError for one that is unknown or revoked already; UserRefusedError where `by` is no ops person
 */
export async function revokeToken(
  db: Database,
  { id, reason }: { id: number; reason: string },
  { by, now }: TokenRequest,
): Promise<void> {
  await db.transaction(async (trx) => {
    await holdToRole(trx, by, ['ops']);
    const found = await trx('ops.api_token').where({ id }).forUpdate().first('consumer', 'revoked_at');
    if (!found) throw new ConsumerRequestError('token-unknown', { token: id });
    if (found.revoked_at !== null) throw new ConsumerRequestError('token-revoked-already', { token: id });
    await trx('ops.api_token').where({ id }).update({ revoked_at: now, revoked_by: by.name, revoked_why: reason });
    const subject = `consumer:${found.consumer}`;
    await appendAudit(trx, {
      at: now,
      actor: by.name,
      action: 'token-revoked',
      subject,
      detail: { token: id, reason },
    });
  });
}

/**
 * Of some tokens, each asked for once however often it stands there.
 * @param now ISO moment at which they are to count
 * @returns of each whose it is; null for whatever does not count: unknown, expired and revoked are one answer
 */
export async function consumersOf(db: Database, tokens: readonly string[], now: string): Promise<(Consumer | null)[]> {
  const digests = new Map<string, string>();
  for (const token of tokens)
    if (!digests.has(token) && TOKEN.test(token)) digests.set(token, digestOf(token).toString('hex'));
  if (digests.size === 0) return tokens.map(() => null);
  const { rows } = await db.raw(
    `SELECT encode(t.digest, 'hex') AS digest, t.id, t.consumer, t.kinds, ${isStale('m.now')} AS stale
     FROM (SELECT CAST(:now AS timestamptz) AS now) m
     JOIN ops.api_token t ON t.digest IN (SELECT decode(asked, 'hex') FROM unnest(CAST(:digests AS text[])) AS asked)
     WHERE ${counts('m.now')}`,
    { digests: [...digests.values()], now } as never,
  );
  for (const { id } of rows.filter(({ stale }: { stale: boolean }) => stale)) {
    await db.raw(
      'UPDATE ops.api_token SET last_used_at = greatest(last_used_at, CAST(:now AS timestamptz)) WHERE id = :id',
      { now, id },
    );
  }
  const found = new Map<string | undefined, Consumer>(
    rows.map((r: { digest: string; id: number; consumer: string; kinds: PlanKind[] }) => [
      r.digest,
      { name: r.consumer, token: r.id, kinds: r.kinds },
    ]),
  );
  return tokens.map((token) => found.get(digests.get(token)) ?? null);
}

/** @param now ISO moment */
export const consumerOf = async (db: Database, token: string, now: string): Promise<Consumer | null> =>
  (await consumersOf(db, [token], now))[0] ?? null;

/** All tokens by consumer and number, also those that count no more. */
export async function listTokens(db: Database, now: string): Promise<TokenLine[]> {
  const { rows } = await db.raw(
    `SELECT id AS token, consumer, kinds,
            CASE WHEN revoked_at IS NOT NULL THEN 'revoked' WHEN expires_at <= CAST(:now AS timestamptz) THEN 'expired' ELSE 'active' END AS status,
            created_at AS "createdAt", created_by AS "createdBy", expires_at AS "expiresAt", last_used_at AS "lastUsedAt",
            revoked_at AS "revokedAt", revoked_by AS "revokedBy", revoked_why AS "revokedWhy"
     FROM ops.api_token ORDER BY consumer COLLATE "C", id`,
    { now },
  );
  return rows;
}
