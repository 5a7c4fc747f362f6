import type { Knex } from 'knex';
import { operations } from './0001-operations.ts';
import { landing } from './0002-landing.ts';
import { warehouse } from './0003-warehouse.ts';
import { review } from './0004-review.ts';
import { heldObjects } from './0005-held-objects.ts';
import { sourceShapes } from './0007-source-shapes.ts';
import { quarantine } from './0008-quarantine.ts';
import { courses } from './0009-courses.ts';
import { sights } from './0010-sights.ts';
import { readings } from './0011-readings.ts';
import { users } from './0012-users.ts';
import { holds } from './0013-holds.ts';
import { accounts } from './0014-accounts.ts';
import { absences } from './0015-absences.ts';
import { judgements } from './0015-judgements.ts';
import { manualValues } from './0015-manual-values.ts';
import { suppressions } from './0015-suppressions.ts';
import { reverts } from './0016-reverts.ts';
import { joinedPeople } from './0017-joined-people.ts';
import { firstDays } from './0018-first-days.ts';
import { byHand } from './0019-by-hand.ts';
import { planPeople } from './0020-plan-people.ts';
import { campaigns } from './0022-campaigns.ts';
import { signingKeys } from './0023-signing-keys.ts';
import { snapshotKeys } from './0024-snapshot-keys.ts';
import { consumers } from './0025-consumers.ts';
import { codeHistory } from './0026-code-history.ts';
import { forgottenHistory } from './0028-forgotten-history.ts';

export interface Migration {
  name: string;
  up(knex: Knex): Promise<void>;
}

/** Every step in order; forward only, never edited once released. */
export const MIGRATIONS: readonly Migration[] = [
  operations,
  landing,
  warehouse,
  review,
  heldObjects,
  sourceShapes,
  quarantine,
  courses,
  sights,
  readings,
  users,
  holds,
  accounts,
  manualValues,
  suppressions,
  judgements,
  absences,
  reverts,
  joinedPeople,
  firstDays,
  byHand,
  planPeople,
  campaigns,
  signingKeys,
  snapshotKeys,
  consumers,
  codeHistory,
  forgottenHistory,
];
