import type { Knex } from 'knex';

/** `object_id` is no foreign key: checked row by row it cost a third of a first load. Merging checks the objects of a delivery at once, and none is ever deleted. */
const lineage = `
        hash bytea NOT NULL,
        registered_at timestamptz NOT NULL,
        registered_by text NOT NULL CHECK (registered_by IN ('source', 'arrival')),
        object_id bigint NOT NULL,
        row_no integer NOT NULL,
        run_id bigint NOT NULL,
        missing_since bigint,
        PRIMARY KEY (source, key)`;

/** Raw objects as received, the current picture of every source, what was rejected and what is under review. */
export const landing = {
  name: '0002-landing',
  up: async (knex: Knex): Promise<void> => {
    await knex.raw(`
      CREATE SCHEMA landing;

      CREATE TABLE landing.object (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        source text NOT NULL,
        name text NOT NULL,
        media_type text NOT NULL,
        sha256 bytea NOT NULL,
        bytes bigint NOT NULL,
        received_at timestamptz NOT NULL,
        run_id bigint NOT NULL,
        UNIQUE (source, sha256)
      );
      CREATE FUNCTION landing.refuse_object_delete() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE foreign_key_violation USING MESSAGE = 'raw objects are never deleted: records tell where they came from (retention removes their bytes)';
        END $$;
      CREATE TRIGGER object_stays BEFORE DELETE OR TRUNCATE ON landing.object FOR EACH STATEMENT EXECUTE FUNCTION landing.refuse_object_delete();
      CREATE TABLE landing.object_chunk (
        object_id bigint NOT NULL REFERENCES landing.object ON DELETE CASCADE DEFERRABLE,
        seq integer NOT NULL,
        body bytea NOT NULL,
        PRIMARY KEY (object_id, seq)
      );
      ALTER TABLE landing.object_chunk ALTER COLUMN body SET STORAGE EXTERNAL;
      COMMENT ON TABLE landing.object_chunk IS 'compressed, then encrypted; bound to the object and its place';

      CREATE TABLE landing.delivery (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        run_id bigint NOT NULL,
        source text NOT NULL,
        digest bytea NOT NULL,
        as_of timestamptz NOT NULL,
        complete boolean NOT NULL,
        objects bigint[] NOT NULL,
        rows bigint NOT NULL,
        counts jsonb,
        notes jsonb NOT NULL DEFAULT '{}',
        UNIQUE (source, digest)
      );

      CREATE TABLE landing.institution_record (
        source text NOT NULL,
        key text NOT NULL,
        code text NOT NULL,
        section text NOT NULL,
        name text NOT NULL,
        name_key text NOT NULL,
        name_damaged boolean NOT NULL,
        ownership text NOT NULL,
        legal_class text,
        quasi_public boolean NOT NULL,
        district text,
        address text,
        phone text,
        principal text,
        parent_school_code text,
        status text NOT NULL,
        ${lineage}
      );
      CREATE INDEX institution_record_run ON landing.institution_record (run_id);
      CREATE INDEX institution_record_name ON landing.institution_record (name_key);

      CREATE TABLE landing.staff_record (
        source text NOT NULL,
        key text NOT NULL,
        institution_code text NOT NULL,
        institution_section text,
        id_hmac bytea,
        id_strong boolean NOT NULL,
        name text NOT NULL,
        name_key text NOT NULL,
        sex text,
        birth_date date,
        title text,
        title_code smallint,
        subjects text[] NOT NULL,
        is_primary boolean NOT NULL,
        start_on date,
        end_on date,
        end_reason text,
        on_leave boolean NOT NULL,
        leave_changed_on date,
        email text,
        phone text,
        certificate_no text,
        primary_since date,
        ${lineage}
      );
      COMMENT ON COLUMN landing.staff_record.primary_since IS 'day on which a record that told of a secondary post first told of the service unit; null where it always did, or never';
      CREATE INDEX staff_record_run ON landing.staff_record USING brin (run_id);
      COMMENT ON INDEX landing.staff_record_run IS 'runs only grow, so a range of blocks that nothing was written to is passed over; as a btree it cost a quarter of a first load';
      CREATE INDEX staff_record_id ON landing.staff_record (id_hmac);
      CREATE INDEX staff_record_missing ON landing.staff_record (source) WHERE missing_since IS NOT NULL;

      CREATE TABLE landing.key_alias (
        source text NOT NULL,
        key text NOT NULL,
        record_key text NOT NULL,
        run_id bigint NOT NULL,
        PRIMARY KEY (source, key)
      );
      COMMENT ON TABLE landing.key_alias IS 'a corrected identifier makes another key of the same record: it stays the record it was, never one missing plus one new';

      CREATE TABLE landing.account_record (
        source text NOT NULL,
        key text NOT NULL,
        institution_code text NOT NULL,
        institution_section text,
        account_name text NOT NULL,
        account_kind text NOT NULL,
        id_hmac bytea,
        holder_name text,
        state text NOT NULL,
        enabled_on date,
        last_login_at timestamptz,
        ${lineage}
      );
      CREATE INDEX account_record_run ON landing.account_record (run_id);

      CREATE TABLE landing.identifier (
        hmac bytea PRIMARY KEY,
        kind text NOT NULL,
        strong boolean NOT NULL,
        sealed bytea NOT NULL
      );
      COMMENT ON COLUMN landing.identifier.hmac IS 'keyed HMAC over SHA-256 of the value, so that sources with only the digest join';
      COMMENT ON COLUMN landing.identifier.sealed IS 'authenticated encryption of the value (of its digest for kind hashed), bound to this table, column and hmac';

      CREATE TABLE landing.quarantine (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        source text NOT NULL,
        fingerprint bytea NOT NULL,
        kind text NOT NULL,
        key text,
        object_id bigint NOT NULL REFERENCES landing.object,
        row_no integer NOT NULL,
        issues jsonb NOT NULL,
        first_run_id bigint NOT NULL,
        last_run_id bigint NOT NULL,
        resolved_run_id bigint,
        UNIQUE (source, fingerprint)
      );

      CREATE TABLE landing.warning (
        source text NOT NULL,
        code text NOT NULL,
        rows bigint NOT NULL,
        run_id bigint NOT NULL,
        PRIMARY KEY (source, code)
      );
      COMMENT ON TABLE landing.warning IS 'rows kept with a doubt, counted per kind of doubt, of the last picture of each source';

      CREATE TABLE landing.pending (
        source text NOT NULL,
        kind text NOT NULL,
        key text NOT NULL,
        institution_code text NOT NULL,
        name text NOT NULL,
        review text NOT NULL,
        reviewing text,
        has_previous boolean NOT NULL,
        first_run_id bigint NOT NULL,
        last_run_id bigint NOT NULL,
        PRIMARY KEY (source, kind, key)
      );
      COMMENT ON TABLE landing.pending IS 'rows under review or refused: excluded, the last approved version stays in force (R13)';
    `);
  },
};
