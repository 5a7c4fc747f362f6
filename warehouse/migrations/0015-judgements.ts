import type { Knex } from 'knex';

/** What people decided where no rule can: which listed kindergarten is which, whose service unit it is, whether an identifier is another person's. */
export const judgements = {
  name: '0015-judgements',
  up: async (knex: Knex): Promise<void> => {
    const versioned = ['institution', 'person', 'assignment', 'account'].map((entity) => `warehouse.${entity}_version`);
    await knex.raw(`
      CREATE TABLE review.judgement (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        kind text NOT NULL CHECK (kind IN ('institution', 'unit', 'identity')),
        source text NOT NULL,
        key text NOT NULL,
        person_id bigint REFERENCES warehouse.person,
        verdict text NOT NULL CHECK (verdict IN ('same', 'different', 'keep')),
        institution_id bigint REFERENCES warehouse.institution,
        parties bigint[],
        about date,
        hmac bytea,
        reason text NOT NULL,
        decided_by text NOT NULL REFERENCES ops.app_user,
        decided_at timestamptz NOT NULL,
        CONSTRAINT whole_judgement CHECK (CASE kind
          WHEN 'institution' THEN verdict <> 'keep' AND (verdict = 'same') = (institution_id IS NOT NULL)
          WHEN 'unit' THEN verdict = 'keep' AND institution_id = ANY (parties) AND person_id IS NOT NULL AND about IS NOT NULL
          ELSE verdict = 'different' AND person_id IS NOT NULL AND hmac IS NOT NULL END)
      );
      CREATE INDEX judgement_matter ON review.judgement (kind, source, key);
      CREATE INDEX judgement_person ON review.judgement (person_id);
      COMMENT ON TABLE review.judgement IS 'insert-only, and an input of every run: a later one of the same matter supersedes, an end stands in review.judgement_end';
      COMMENT ON COLUMN review.judgement.institution_id IS 'the institution that the listed one is, or the unit that has the person';
      COMMENT ON COLUMN review.judgement.parties IS 'units that claimed the person when it was decided';
      COMMENT ON COLUMN review.judgement.about IS 'day of the claims that were decided about: a later registration is another matter (R08)';
      COMMENT ON COLUMN review.judgement.hmac IS 'pseudonym of the identifier that is not this person''s';
      CREATE TABLE review.judgement_end (
        judgement_id bigint PRIMARY KEY REFERENCES review.judgement,
        how text NOT NULL CHECK (how IN ('undone', 'superseded')),
        ended_by text NOT NULL REFERENCES ops.app_user,
        reason text NOT NULL,
        ended_at timestamptz NOT NULL
      );

      ALTER TABLE warehouse.institution_code ADD COLUMN judgement_id bigint REFERENCES review.judgement;
      COMMENT ON COLUMN warehouse.institution_code.judgement_id IS 'the judgement that joined it; null where an exact match did, or the code is the institution''s own';
      ALTER TABLE review.institution_candidate ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY UNIQUE;

      ALTER TABLE ops.plan_change ADD COLUMN judgement_id bigint;
      ALTER TABLE ops.held_change ADD COLUMN judgement_id bigint;
      COMMENT ON COLUMN ops.plan_change.judgement_id IS 'the judgement that the change follows';
      ${versioned.map((table) => `ALTER TABLE ${table} ADD COLUMN judgement_id bigint;`).join('\n      ')}
    `);
  },
};
