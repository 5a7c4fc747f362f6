import type { Knex } from 'knex';

/** What a night would change too much (I6): kept out of its plan, and decided by a second person on its exact hash. */
export const holds = {
  name: '0013-holds',
  up: async (knex: Knex): Promise<void> => {
    await knex.raw(`
      CREATE TABLE ops.held_plan (
        run_id bigint NOT NULL REFERENCES ops.run,
        hold_key text NOT NULL,
        plan_hash text NOT NULL,
        state text NOT NULL CHECK (state IN ('held', 'kept-out', 'released')),
        reasons jsonb NOT NULL,
        institutions text[] NOT NULL,
        changes integer NOT NULL,
        missing integer NOT NULL,
        PRIMARY KEY (run_id, hold_key)
      );
      COMMENT ON TABLE ops.held_plan IS 'what the guards of a run said: held, kept out because somebody had discarded that very plan, or released because somebody had approved it';
      COMMENT ON COLUMN ops.held_plan.hold_key IS 'key of the institution; *city: and the run for a limit of the whole city';

      CREATE TABLE ops.held_change (LIKE ops.plan_change INCLUDING COMMENTS, held_by text[] NOT NULL, PRIMARY KEY (run_id, seq));
      COMMENT ON TABLE ops.held_change IS 'changes that a run proposed and that were kept out of its plan';
      COMMENT ON COLUMN ops.held_change.held_by IS 'keys of the holds that it belongs to: both sides of a transfer belong to each';

      CREATE TABLE ops.held_record (
        run_id bigint NOT NULL REFERENCES ops.run,
        hold_key text NOT NULL,
        institution_key text NOT NULL,
        source text NOT NULL,
        key text NOT NULL,
        what text NOT NULL CHECK (what IN ('missing', 'identifier')),
        detail text,
        PRIMARY KEY (run_id, hold_key, source, key, what)
      );
      COMMENT ON TABLE ops.held_record IS 'what a hold is about that is no change of the plan: people missing for the first time, known people under another identifier';
      COMMENT ON COLUMN ops.held_record.detail IS 'pseudonym of the other identifier';

      CREATE TABLE review.hold (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        hold_key text NOT NULL,
        plan_hash text NOT NULL,
        state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'approved', 'discarded', 'expired')),
        institutions text[] NOT NULL,
        baseline_run_id bigint NOT NULL,
        opened_run_id bigint NOT NULL REFERENCES ops.run,
        opened_at timestamptz NOT NULL,
        last_run_id bigint NOT NULL REFERENCES ops.run,
        closed_run_id bigint REFERENCES ops.run,
        closed_at timestamptz,
        outcome text CHECK (outcome IN ('applied', 'replaced', 'withdrawn')),
        CONSTRAINT closed_with_outcome CHECK ((closed_at IS NULL) = (outcome IS NULL))
      );
      COMMENT ON TABLE review.hold IS 'a held plan as long as the same is proposed; another proposal is another hold';
      COMMENT ON COLUMN review.hold.baseline_run_id IS 'the last run whose changes of these institutions were applied: who is missing since is missing for the first time';
      CREATE UNIQUE INDEX hold_standing ON review.hold (hold_key) WHERE closed_at IS NULL;
      CREATE INDEX hold_plan ON review.hold (plan_hash);

      CREATE TABLE review.hold_decision (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        hold_id bigint NOT NULL REFERENCES review.hold,
        verdict text NOT NULL CHECK (verdict IN ('approve', 'discard')),
        decided_by text NOT NULL,
        reason text NOT NULL,
        decided_at timestamptz NOT NULL
      );
      COMMENT ON TABLE review.hold_decision IS 'superseded by a later one, never changed';

      ALTER TABLE ops.run DROP CONSTRAINT run_kind_check;
      ALTER TABLE ops.run ADD CONSTRAINT run_kind_check CHECK (kind IN ('nightly', 'manual', 'closing', 'replay', 'decision'));
    `);
  },
};
