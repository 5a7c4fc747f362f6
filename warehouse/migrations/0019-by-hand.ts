import type { Knex } from 'knex';

/** An undoing is no answer to what a person decided: the next run would follow the decision again. */
export const byHand = {
  name: '0019-by-hand',
  up: async (knex: Knex): Promise<void> => {
    await knex.raw(`
      ALTER TABLE ops.revert_conflict ADD COLUMN manual_value bigint REFERENCES review.manual_value, ADD COLUMN judgement_id bigint REFERENCES review.judgement;
      COMMENT ON COLUMN ops.revert_conflict.manual_value IS 'a value set by hand that is in force and brought the change about: it must end first';
      COMMENT ON COLUMN ops.revert_conflict.judgement_id IS 'the same of a judgement';
    `);
  },
};
