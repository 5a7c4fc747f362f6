import type { Knex } from 'knex';

/** Whose a spell that a plan adds is, so that applying a first load need not look a million people up by name; and the few changes among a million quickly. */
export const planPeople = {
  name: '0020-plan-people',
  up: async (knex: Knex): Promise<void> => {
    await knex.raw(`
      ALTER TABLE ops.plan_change ADD COLUMN person_id bigint;
      ALTER TABLE ops.held_change ADD COLUMN person_id bigint;
      COMMENT ON COLUMN ops.plan_change.person_id IS 'of a spell that is added: whose it is, also where the plan adds the person';
      CREATE INDEX plan_change_few ON ops.plan_change (run_id, entity) WHERE entity IN ('institution', 'account');
    `);
  },
};
