import type { Knex } from 'knex';

/** People who may decide, with their credentials, and the audit trail: a chain of digests that can only grow. */
export const users = {
  name: '0012-users',
  up: async (knex: Knex): Promise<void> => {
    await knex.raw(`
      CREATE TABLE ops.app_user (
        name text PRIMARY KEY CHECK (name ~ '^[a-z][a-z0-9._-]{1,39}$' AND name <> ALL (ARRAY['installation', 'unproven', 'unknown'])),
        role text NOT NULL CHECK (role IN ('bureau', 'ops', 'school')),
        institution_code text,
        credential_hash bytea NOT NULL,
        credential_salt bytea NOT NULL,
        credential_set_at timestamptz NOT NULL,
        created_at timestamptz NOT NULL,
        created_by text NOT NULL,
        disabled_at timestamptz,
        disabled_why text,
        failures integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
        locked_until timestamptz,
        last_used_at timestamptz,
        CONSTRAINT school_speaks_for_one CHECK ((role = 'school') = (institution_code IS NOT NULL)),
        CONSTRAINT disabled_for_a_reason CHECK ((disabled_at IS NULL) = (disabled_why IS NULL))
      );
      COMMENT ON TABLE ops.app_user IS 'people who may decide; never deleted, so that a name in the audit trail stays one person''s';
      COMMENT ON COLUMN ops.app_user.institution_code IS 'the one institution that a person of role school speaks for';
      COMMENT ON COLUMN ops.app_user.credential_hash IS 'scrypt of the credential with this user''s salt; the credential itself is kept nowhere';
      COMMENT ON COLUMN ops.app_user.failures IS 'wrong credentials in a row; the fifth sets locked_until';
      COMMENT ON COLUMN ops.app_user.last_used_at IS 'last time that the right credential was given and let in';
      CREATE FUNCTION ops.refuse_user_delete() RETURNS trigger LANGUAGE plpgsql AS $body$
        BEGIN
          RAISE EXCEPTION 'a user is disabled, never deleted: the audit trail names it' USING ERRCODE = 'integrity_constraint_violation';
        END
      $body$;
      CREATE TRIGGER app_user_stays BEFORE DELETE OR TRUNCATE ON ops.app_user FOR EACH STATEMENT EXECUTE FUNCTION ops.refuse_user_delete();

      CREATE TABLE ops.audit (
        id bigint PRIMARY KEY CHECK (id > 0),
        at timestamptz NOT NULL,
        actor text NOT NULL,
        action text NOT NULL,
        subject text NOT NULL,
        detail jsonb NOT NULL CHECK (octet_length(detail::text) <= 65536),
        previous bytea NOT NULL UNIQUE CHECK (octet_length(previous) = 32),
        digest bytea NOT NULL CHECK (octet_length(digest) = 32)
      );
      COMMENT ON TABLE ops.audit IS 'who decided or tried what, and when; never a credential or a personal identifier';
      COMMENT ON COLUMN ops.audit.id IS 'without a gap: a row that is not there any more is missed';
      COMMENT ON COLUMN ops.audit.previous IS 'digest of the row before, zeros in the first: two rows can never follow one';
      COMMENT ON COLUMN ops.audit.digest IS 'SHA-256 over all other columns (warehouse/audit.ts)';
      CREATE TABLE ops.audit_head (
        one boolean PRIMARY KEY DEFAULT true CHECK (one),
        id bigint NOT NULL,
        digest bytea NOT NULL
      );
      INSERT INTO ops.audit_head (id, digest) VALUES (0, decode(repeat('00', 32), 'hex'));
      COMMENT ON TABLE ops.audit_head IS 'the last row of ops.audit; who appends locks it, so the chain is one line, and a cut end is seen';

      CREATE FUNCTION ops.refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $body$
        BEGIN
          RAISE EXCEPTION 'the audit trail never changes: it can only be appended to' USING ERRCODE = 'integrity_constraint_violation';
        END
      $body$;
      CREATE TRIGGER audit_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON ops.audit FOR EACH STATEMENT EXECUTE FUNCTION ops.refuse_audit_change();
      CREATE TRIGGER audit_head_stays BEFORE DELETE OR TRUNCATE ON ops.audit_head FOR EACH STATEMENT EXECUTE FUNCTION ops.refuse_audit_change();
      -- Also where a session plays the part of a replica, which passes other triggers by.
      ALTER TABLE ops.audit ENABLE ALWAYS TRIGGER audit_immutable;
      ALTER TABLE ops.audit_head ENABLE ALWAYS TRIGGER audit_head_stays;
    `);
  },
};
