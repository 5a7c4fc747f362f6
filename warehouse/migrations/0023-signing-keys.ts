import type { Knex } from 'knex';

/** What is public of the keys that sign snapshots. The private keys are derived from the key file and stored nowhere. */
export const signingKeys = {
  name: '0023-signing-keys',
  up: async (knex: Knex): Promise<void> => {
    await knex.raw(`
      CREATE TABLE ops.signing_key (
        number integer PRIMARY KEY CHECK (number > 0),
        kid text NOT NULL UNIQUE,
        x text NOT NULL CHECK (x ~ '^[A-Za-z0-9_-]{43}$'),
        since timestamptz NOT NULL,
        until timestamptz,
        CHECK (since <= until)
      );
      CREATE UNIQUE INDEX signing_key_in_use ON ops.signing_key ((until IS NULL)) WHERE until IS NULL;
      COMMENT ON TABLE ops.signing_key IS 'Ed25519 keys that sign snapshots; a retired one goes on proving what it signed';
      COMMENT ON COLUMN ops.signing_key.kid IS 'its JWK thumbprint (RFC 7638)';
      COMMENT ON COLUMN ops.signing_key.x IS 'the public key, base64url (RFC 8037)';
      COMMENT ON COLUMN ops.signing_key.until IS 'null while it signs';
      CREATE FUNCTION ops.refuse_key_delete() RETURNS trigger LANGUAGE plpgsql AS $body$
        BEGIN
          RAISE EXCEPTION 'a signing key is retired, never deleted: what it signed would be proven by nobody' USING ERRCODE = 'integrity_constraint_violation';
        END
      $body$;
      CREATE TRIGGER signing_key_stays BEFORE DELETE OR TRUNCATE ON ops.signing_key FOR EACH STATEMENT EXECUTE FUNCTION ops.refuse_key_delete();
    `);
  },
};
