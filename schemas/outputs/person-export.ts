/** What `mingce explain person ID --export` writes: everything held about one person who asks (個人資料保護法 §10). It holds identifiers: mode 0600, and for that person only. */
import { z } from 'zod';
import { explanation } from './explanation.ts';
import { moment } from './sync-result.ts';

const values = z.record(z.string(), z.unknown());

export const personExport = z.strictObject({
  person: z.int(),
  exportedAt: moment,
  by: z.string(),
  reason: z.string(),
  explanation,
  /** `value` is the digest where a source gave only that; until which run it stood for the person, null while it does. */
  identifiers: z.array(
    z.strictObject({
      kind: z.string(),
      value: z.string(),
      strong: z.boolean(),
      run: z.string(),
      untilRun: z.string().nullable(),
    }),
  ),
  /** Every version ever recorded of the person, of their spells of service and of their accounts. */
  history: z.array(z.strictObject({ entity: z.enum(['person', 'assignment', 'account']), values })),
  /** What each source says now, as it was read, with the file and row; `kept`: whether the original is still held. */
  records: z.array(
    z.strictObject({
      kind: z.enum(['staff', 'account', 'pending', 'quarantine']),
      source: z.string(),
      object: z.string().nullable(),
      kept: z.boolean(),
      row: z.int().nullable(),
      values,
    }),
  ),
  exceptions: z.array(
    z.strictObject({
      code: z.string(),
      text: z.strictObject({ zh: z.string(), en: z.string() }),
      openedAt: moment,
      closedAt: moment.nullable(),
    }),
  ),
  /** What people decided that concerned the person; `about`: of a value set by hand its field, of a judgement that is over what it was. */
  decisions: z.array(
    z.strictObject({
      what: z.enum([
        'approve',
        'discard',
        'revert',
        'same-person',
        'different-person',
        'unit',
        'identity',
        'absence',
        'judgement-ended',
        'value-set',
        'value-ended',
      ]),
      about: z.string().nullable(),
      by: z.string(),
      at: moment,
      reason: z.string(),
    }),
  ),
  /** Snapshots with a row of the person, and what the audit trail has of who was given them. */
  snapshots: z.array(
    z.strictObject({
      id: z.string(),
      campaign: z.string(),
      kind: z.string(),
      cutOff: moment,
      file: z.string(),
      row: values,
      given: z.array(z.strictObject({ at: moment, actor: z.string(), action: z.string() })),
    }),
  ),
});
export type PersonExport = z.infer<typeof personExport>;
