import type { Knex } from 'knex';

/** Runs, their ledger, the recorded clock, schedules, workers, the key that the database belongs to. */
export const operations = {
  name: '0001-operations',
  up: async (knex: Knex): Promise<void> => {
    await knex.raw(`
      CREATE SCHEMA ops;

      CREATE TABLE ops.run (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        kind text NOT NULL CHECK (kind IN ('nightly', 'manual', 'closing')),
        clock timestamptz NOT NULL,
        simulated boolean NOT NULL,
        dry_run boolean NOT NULL DEFAULT false,
        only_sources text[],
        slot text UNIQUE,
        status text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'complete', 'held', 'failed')),
        stage text NOT NULL DEFAULT 'collect'
          CHECK (stage IN ('collect', 'match', 'reconcile', 'apply', 'report', 'snapshot', 'done')),
        epoch integer NOT NULL DEFAULT 0,
        worker text,
        started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        finished_at timestamptz,
        recorded_at timestamptz,
        error jsonb,
        summary jsonb,
        asked_in text,
        CONSTRAINT failed_applied_nothing CHECK (status <> 'failed' OR recorded_at IS NULL)
      );
      COMMENT ON CONSTRAINT failed_applied_nothing ON ops.run IS 'a run that was applied is complete; what it then could not do it owes, and its stage says what';
      COMMENT ON COLUMN ops.run.asked_in IS 'the night, as a slot, that asked for a closing run, or took up what a run owed: once a night';
      COMMENT ON COLUMN ops.run.clock IS 'the moment the run speaks for; the real one unless simulated';
      COMMENT ON COLUMN ops.run.epoch IS 'fence: raised by every claim, checked FOR SHARE by every transaction of the run';
      CREATE UNIQUE INDEX run_one_at_a_time ON ops.run (status) WHERE status = 'running';
      COMMENT ON INDEX ops.run_one_at_a_time IS 'a plan is made of all that was landed since the last applied run: two runs in flight would miss rows of each other';

      CREATE TABLE ops.run_source (
        run_id bigint NOT NULL REFERENCES ops.run,
        source text NOT NULL,
        drop_name text NOT NULL,
        job text NOT NULL,
        files bytea,
        stamps jsonb NOT NULL DEFAULT '[]',
        status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'fresh', 'carried-forward', 'held', 'failed')),
        epoch integer NOT NULL DEFAULT 0,
        worker text,
        as_of timestamptz,
        read bigint NOT NULL DEFAULT 0,
        accepted bigint NOT NULL DEFAULT 0,
        unchanged bigint NOT NULL DEFAULT 0,
        quarantined bigint NOT NULL DEFAULT 0,
        excluded bigint NOT NULL DEFAULT 0,
        duplicate bigint NOT NULL DEFAULT 0,
        missing bigint NOT NULL DEFAULT 0,
        error_code text,
        error_params jsonb,
        notes jsonb,
        PRIMARY KEY (run_id, source),
        CONSTRAINT ledger_balances CHECK (read = accepted + unchanged + quarantined + excluded + duplicate)
      );

      COMMENT ON COLUMN ops.run_source.files IS 'names of the files that wait, sealed: people write identifiers into them';
      COMMENT ON COLUMN ops.run_source.job IS 'the job that hears it: a feed by itself, the files of a drop in blocks';

      CREATE TABLE ops.recorded_clock (
        one boolean PRIMARY KEY DEFAULT true CHECK (one),
        at timestamptz NOT NULL
      );
      INSERT INTO ops.recorded_clock (at) VALUES ('0001-01-01T00:00:00Z');
      COMMENT ON TABLE ops.recorded_clock IS 'the serialising row of apply: recorded time strictly increases with commit order';

      CREATE TABLE ops.key_check (
        one boolean PRIMARY KEY DEFAULT true CHECK (one),
        sealed bytea NOT NULL,
        made_at timestamptz NOT NULL DEFAULT clock_timestamp()
      );
      COMMENT ON TABLE ops.key_check IS 'a constant sealed with the key of this warehouse: only that key opens it, and the key cannot be learned from it';

      CREATE TABLE ops.worker (
        id text PRIMARY KEY,
        lock_key bigint NOT NULL,
        started_at timestamptz NOT NULL DEFAULT clock_timestamp()
      );

      CREATE TABLE ops.schedule (
        name text PRIMARY KEY,
        at_time time NOT NULL,
        time_zone text NOT NULL,
        enabled boolean NOT NULL DEFAULT true,
        updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
      );
    `);
  },
};
