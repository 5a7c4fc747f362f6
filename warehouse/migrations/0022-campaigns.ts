import type { Knex } from 'knex';

/** Each change of a planning year is a version of its own; a snapshot names the one that it was made by, and who approved it where it corrects another. */
export const campaigns = {
  name: '0022-campaigns',
  up: async (knex: Knex): Promise<void> => {
    await knex.raw(`
      CREATE TABLE ops.campaign_version (
        campaign text NOT NULL,
        version integer NOT NULL CHECK (version > 0),
        hash text NOT NULL CHECK (hash ~ '^sha256:[0-9a-f]{64}$'),
        body jsonb NOT NULL,
        recorded_at timestamptz NOT NULL,
        recorded_by text NOT NULL,
        run_id bigint REFERENCES ops.run,
        approved_why text,
        PRIMARY KEY (campaign, version)
      );
      COMMENT ON TABLE ops.campaign_version IS 'planning years as they were used: a file that differs from the newest version is a new one. Never changed';
      COMMENT ON COLUMN ops.campaign_version.hash IS 'SHA-256 of the canonical JSON of the body';
      COMMENT ON COLUMN ops.campaign_version.recorded_by IS 'a user, or installation where a run or a command used the file';
      COMMENT ON COLUMN ops.campaign_version.approved_why IS 'why recorded_by let the cut-off move although a snapshot of the former one stands';
      CREATE FUNCTION ops.refuse_campaign_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'a recorded version of a campaign never changes'; END $$;
      CREATE TRIGGER campaign_version_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON ops.campaign_version
        FOR EACH STATEMENT EXECUTE FUNCTION ops.refuse_campaign_change();

      ALTER TABLE ops.snapshot ADD COLUMN campaign_version integer, ADD COLUMN corrects text REFERENCES ops.snapshot, ADD COLUMN approved_by text REFERENCES ops.app_user,
        ADD FOREIGN KEY (campaign, campaign_version) REFERENCES ops.campaign_version,
        ADD CONSTRAINT a_correction_is_approved CHECK ((corrects IS NULL) = (approved_by IS NULL)),
        DROP CONSTRAINT snapshot_campaign_kind_cut_off_recorded_through_key,
        ADD CONSTRAINT snapshot_of_moments UNIQUE NULLS NOT DISTINCT (campaign, kind, cut_off, recorded_through, campaign_version);
      COMMENT ON COLUMN ops.snapshot.corrects IS 'the version that it corrects, by the word of approved_by; why and when stand in the manifest';
    `);
  },
};
