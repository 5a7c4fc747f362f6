/** What `mingce roster --format json` answers: one institution and who serves there. No identifier of a person is in it but our own number. */
import { z } from 'zod';
import { moment } from './sync-result.ts';

const day = z.iso.date();

export const roster = z.strictObject({
  institution: z.strictObject({
    code: z.string(),
    section: z.string(),
    name: z.string(),
    path: z.enum(['school', 'kindergarten']),
    ownership: z.string(),
    legalClass: z.string().nullable(),
    quasiPublic: z.boolean(),
    district: z.string().nullable(),
    address: z.string().nullable(),
    phone: z.string().nullable(),
    principal: z.string().nullable(),
    status: z.string(),
  }),
  /** As recorded before this moment; null: as recorded now. */
  asOf: moment.nullable(),
  /** The day that it is true of. */
  on: day,
  people: z.array(
    z.strictObject({
      /** Our own number, as `mingce explain person` takes it. */
      person: z.int().positive(),
      name: z.string(),
      title: z.string().nullable(),
      titleCode: z.int().nullable(),
      subjects: z.array(z.string()),
      primary: z.boolean(),
      onLeave: z.boolean(),
      /** First day of the service here. */
      since: day,
      /** First day that is no more of it, where it was told by then. */
      until: day.nullable(),
      endReason: z.string().nullable(),
    }),
  ),
  accounts: z.array(
    z.strictObject({
      account: z.string(),
      kind: z.string(),
      holder: z.string().nullable(),
      state: z.string(),
      enabledOn: day.nullable(),
    }),
  ),
});
export type Roster = z.infer<typeof roster>;
