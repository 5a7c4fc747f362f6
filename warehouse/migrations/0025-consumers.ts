import type { Knex } from 'knex';

/** Planning systems that fetch snapshots: their tokens, what each fetched, what each says of its import, and the notices that they are owed. */
export const consumers = {
  name: '0025-consumers',
  up: async (knex: Knex): Promise<void> => {
    await knex.raw(`
      CREATE TABLE ops.api_token (
        id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        consumer text NOT NULL CHECK (consumer ~ '^[a-z][a-z0-9-]{1,39}$'),
        kinds text[] NOT NULL CHECK (cardinality(kinds) > 0 AND kinds <@ ARRAY['school-plan', 'teacher-plan']),
        digest bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),
        created_at timestamptz NOT NULL,
        created_by text NOT NULL,
        expires_at timestamptz NOT NULL CHECK (expires_at > created_at),
        revoked_at timestamptz,
        revoked_by text,
        revoked_why text,
        last_used_at timestamptz,
        CONSTRAINT revoked_by_somebody CHECK (num_nulls(revoked_at, revoked_by, revoked_why) IN (0, 3))
      );
      COMMENT ON TABLE ops.api_token IS 'tokens of consumers; never deleted, so that what was fetched with one stays told';
      COMMENT ON COLUMN ops.api_token.digest IS 'SHA-256 of the token, which is 256 random bits and kept nowhere';
      COMMENT ON COLUMN ops.api_token.kinds IS 'snapshots that it opens';
      COMMENT ON COLUMN ops.api_token.last_used_at IS 'to the minute: a consumer that fetches much does not write each time';

      CREATE TABLE ops.consumer_fetch (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        consumer text NOT NULL,
        token_id integer NOT NULL REFERENCES ops.api_token,
        snapshot_id text NOT NULL REFERENCES ops.snapshot,
        path text NOT NULL,
        at timestamptz NOT NULL,
        first_byte bigint,
        last_byte bigint,
        CONSTRAINT range_is_whole CHECK ((first_byte IS NULL) = (last_byte IS NULL) AND first_byte <= last_byte)
      );
      CREATE INDEX consumer_fetch_snapshot ON ops.consumer_fetch (snapshot_id, consumer);
      COMMENT ON TABLE ops.consumer_fetch IS 'which file of a snapshot was handed to whom; written before the first byte leaves, so nobody has one untold';
      COMMENT ON COLUMN ops.consumer_fetch.first_byte IS 'of a part that was asked for; null for the whole file';

      CREATE TABLE ops.consumer_receipt (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        consumer text NOT NULL,
        token_id integer NOT NULL REFERENCES ops.api_token,
        snapshot_id text NOT NULL REFERENCES ops.snapshot,
        at timestamptz NOT NULL,
        imported integer NOT NULL CHECK (imported >= 0),
        rejected integer NOT NULL CHECK (rejected >= 0),
        reasons jsonb NOT NULL CHECK (octet_length(reasons::text) <= 4096)
      );
      CREATE INDEX consumer_receipt_snapshot ON ops.consumer_receipt (snapshot_id, consumer);
      COMMENT ON TABLE ops.consumer_receipt IS 'what a consumer says of its import of a snapshot; its last word counts';
      COMMENT ON COLUMN ops.consumer_receipt.reasons IS 'why rows were rejected: codes of the consumer and rows of each, no texts';

      CREATE TABLE ops.notice (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        event uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
        snapshot_id text NOT NULL UNIQUE REFERENCES ops.snapshot,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        dispatched_at timestamptz
      );
      COMMENT ON TABLE ops.notice IS 'outbox: a snapshot was published; written in the transaction that makes it';
      COMMENT ON COLUMN ops.notice.event IS 'the webhook-id of every delivery and every try';
      COMMENT ON COLUMN ops.notice.dispatched_at IS 'when its deliveries were set down, of the webhooks that were configured then';
      CREATE INDEX notice_undispatched ON ops.notice (id) WHERE dispatched_at IS NULL;

      CREATE TABLE ops.notice_delivery (
        notice_id bigint NOT NULL REFERENCES ops.notice,
        consumer text NOT NULL,
        attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
        last_attempt_at timestamptz,
        last_answer text,
        delivered_at timestamptz,
        given_up_at timestamptz,
        PRIMARY KEY (notice_id, consumer),
        CONSTRAINT delivered_or_given_up CHECK (delivered_at IS NULL OR given_up_at IS NULL)
      );
      COMMENT ON TABLE ops.notice_delivery IS 'a notice to one webhook: owed until it was delivered, or given up after its last try';
      COMMENT ON COLUMN ops.notice_delivery.last_answer IS 'status that the receiver answered, or why there was no answer; never a text of theirs';
      CREATE INDEX notice_delivery_owed ON ops.notice_delivery (notice_id) WHERE delivered_at IS NULL AND given_up_at IS NULL;

      CREATE FUNCTION ops.refuse_consumer_change() RETURNS trigger LANGUAGE plpgsql AS $body$
        BEGIN
          RAISE EXCEPTION 'who received what stays as it was told' USING ERRCODE = 'integrity_constraint_violation';
        END
      $body$;
      CREATE TRIGGER api_token_stays BEFORE DELETE OR TRUNCATE ON ops.api_token FOR EACH STATEMENT EXECUTE FUNCTION ops.refuse_consumer_change();
      CREATE TRIGGER consumer_fetch_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON ops.consumer_fetch FOR EACH STATEMENT EXECUTE FUNCTION ops.refuse_consumer_change();
      CREATE TRIGGER consumer_receipt_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON ops.consumer_receipt FOR EACH STATEMENT EXECUTE FUNCTION ops.refuse_consumer_change();
    `);
  },
};
