import type { Knex } from 'knex';

/** The plan of a run, what a person must look at, and the snapshots handed out. */
export const review = {
  name: '0004-review',
  up: async (knex: Knex): Promise<void> => {
    await knex.raw(`
      CREATE SCHEMA review;

      CREATE TABLE ops.run_match (
        run_id bigint NOT NULL,
        source text NOT NULL,
        key text NOT NULL,
        person_ref text NOT NULL,
        person_id bigint,
        PRIMARY KEY (run_id, source, key)
      );
      CREATE INDEX run_match_person ON ops.run_match (run_id, person_ref);
      COMMENT ON COLUMN ops.run_match.person_ref IS 'p<id> of a known person, h<hmac> or k<source key hash> of a new one';

      CREATE TABLE ops.plan_change (
        run_id bigint NOT NULL,
        seq bigint NOT NULL,
        entity text NOT NULL CHECK (entity IN ('institution', 'person', 'assignment', 'account')),
        action text NOT NULL CHECK (action IN ('add', 'change', 'end')),
        institution_key text NOT NULL,
        source text NOT NULL,
        source_key text NOT NULL,
        person_ref text,
        entity_id bigint,
        reason text NOT NULL,
        rule text NOT NULL,
        effective date NOT NULL,
        registered_at timestamptz NOT NULL,
        object_id bigint NOT NULL,
        row_no integer NOT NULL,
        before jsonb,
        after jsonb,
        PRIMARY KEY (run_id, seq)
      );
      COMMENT ON COLUMN ops.plan_change.run_id IS 'run under whose fence it is written: looked at there, once, and not row by row';
      COMMENT ON COLUMN ops.plan_change.institution_key IS 'source:source_key of the institution that the change belongs to';

      CREATE TABLE review.exception (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        code text NOT NULL,
        fingerprint bytea NOT NULL,
        institution_key text,
        subject text,
        person_ref text,
        params jsonb NOT NULL DEFAULT '{}',
        opened_run_id bigint NOT NULL,
        opened_at timestamptz NOT NULL,
        closed_run_id bigint,
        closed_at timestamptz
      );
      CREATE UNIQUE INDEX exception_open ON review.exception (fingerprint) WHERE closed_at IS NULL;
      CREATE INDEX exception_code ON review.exception (code) WHERE closed_at IS NULL;
      COMMENT ON COLUMN review.exception.subject IS 'what it is about, as a source and its key; never an identifier';

      COMMENT ON COLUMN review.exception.person_ref IS 'set where the exception hangs on one person and closes when that person is looked at again without it';

      CREATE TABLE ops.finding (
        run_id bigint NOT NULL REFERENCES ops.run,
        code text NOT NULL,
        institution_key text,
        subject text,
        person_ref text,
        params jsonb NOT NULL DEFAULT '{}'
      );
      CREATE INDEX finding_run ON ops.finding (run_id);
      COMMENT ON TABLE ops.finding IS 'what a run found; exceptions are opened and closed from it when the plan is applied';

      CREATE TABLE review.institution_candidate (
        source text NOT NULL,
        key text NOT NULL,
        candidates bigint[] NOT NULL,
        why text NOT NULL,
        first_run_id bigint NOT NULL,
        PRIMARY KEY (source, key)
      );
      COMMENT ON TABLE review.institution_candidate IS 'listed institutions that no exact match joins: a person decides';

      CREATE TABLE ops.snapshot (
        id text PRIMARY KEY,
        campaign text NOT NULL,
        kind text NOT NULL CHECK (kind IN ('school-plan', 'teacher-plan')),
        version integer NOT NULL CHECK (version > 0),
        cut_off timestamptz NOT NULL,
        recorded_through timestamptz NOT NULL,
        run_id bigint REFERENCES ops.run,
        automatic boolean NOT NULL,
        created_at timestamptz NOT NULL,
        manifest jsonb NOT NULL,
        UNIQUE (campaign, kind, version),
        UNIQUE (campaign, kind, cut_off, recorded_through)
      );
      COMMENT ON COLUMN ops.snapshot.run_id IS 'the run that took it; null when taken by hand';
      CREATE TABLE ops.snapshot_file (
        snapshot_id text NOT NULL REFERENCES ops.snapshot DEFERRABLE INITIALLY DEFERRED,
        path text NOT NULL,
        sha256 text NOT NULL,
        bytes bigint NOT NULL,
        seq integer NOT NULL,
        body bytea NOT NULL,
        PRIMARY KEY (snapshot_id, path, seq)
      );
      ALTER TABLE ops.snapshot_file ALTER COLUMN body SET STORAGE EXTERNAL;
      COMMENT ON COLUMN ops.snapshot_file.body IS 'compressed, then encrypted, bound to snapshot, path and place';

      CREATE FUNCTION ops.refuse_snapshot_change() RETURNS trigger LANGUAGE plpgsql AS $body$
      BEGIN
        IF TG_TABLE_NAME = 'snapshot_file' THEN
          IF NOT EXISTS (SELECT 1 FROM ops.snapshot WHERE id = OLD.snapshot_id) THEN
            RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
          END IF;
        END IF;
        RAISE EXCEPTION 'a snapshot never changes (I3): take a new version' USING ERRCODE = 'integrity_constraint_violation';
      END
      $body$;
      COMMENT ON FUNCTION ops.refuse_snapshot_change IS 'files may be written while their snapshot is made; its own row comes last';
      CREATE TRIGGER snapshot_immutable BEFORE UPDATE OR DELETE ON ops.snapshot
        FOR EACH ROW EXECUTE FUNCTION ops.refuse_snapshot_change();
      CREATE TRIGGER snapshot_file_immutable BEFORE UPDATE OR DELETE ON ops.snapshot_file
        FOR EACH ROW EXECUTE FUNCTION ops.refuse_snapshot_change();
    `);
  },
};
