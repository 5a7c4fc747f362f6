import type { Knex } from 'knex';

/** The rows of each snapshot are sealed with a key of its own: destroyed, nobody reads them again, and the manifest with all hashes stays. */
export const snapshotKeys = {
  name: '0024-snapshot-keys',
  up: async (knex: Knex): Promise<void> => {
    await knex.raw(`
      CREATE TABLE ops.snapshot_key (
        snapshot_id text PRIMARY KEY REFERENCES ops.snapshot DEFERRABLE INITIALLY DEFERRED,
        sealed bytea,
        destroyed_at timestamptz,
        destroyed_by text,
        destroyed_why text,
        CONSTRAINT destroyed_by_somebody CHECK ((sealed IS NULL) = (destroyed_at IS NOT NULL)
          AND (destroyed_at IS NULL) = (destroyed_by IS NULL) AND (destroyed_at IS NULL) = (destroyed_why IS NULL))
      );
      COMMENT ON TABLE ops.snapshot_key IS 'what the rows of a snapshot are sealed with, itself sealed with the installation''s key';
      COMMENT ON COLUMN ops.snapshot_key.sealed IS 'null once it was destroyed: the personal data of the snapshot is gone';
      CREATE FUNCTION ops.refuse_snapshot_key_change() RETURNS trigger LANGUAGE plpgsql AS $body$
        BEGIN
          IF TG_OP = 'UPDATE' AND OLD.sealed IS NOT NULL AND NEW.sealed IS NULL AND NEW.snapshot_id = OLD.snapshot_id THEN
            RETURN NEW;
          END IF;
          RAISE EXCEPTION 'the key of a snapshot is only ever destroyed' USING ERRCODE = 'integrity_constraint_violation';
        END
      $body$;
      CREATE TRIGGER snapshot_key_stays BEFORE UPDATE OR DELETE ON ops.snapshot_key FOR EACH ROW EXECUTE FUNCTION ops.refuse_snapshot_key_change();
    `);
  },
};
