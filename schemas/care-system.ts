/**
 * Wire shapes of the care system feed, contract v1 (`schemas/published/contract-care-system.schema.json`). Only what makes an answer readable is checked here:
 * kinds of values and what must be present. Closed sets (reviewStatus, status, ownership) are judged by the normaliser with those of
 * all other sources, so that a new value costs one row and is told in one way.
 */
import { z } from 'zod';

const text = z.string();
const optionalText = z.string().nullish();

export const carePage = z.looseObject({
  /** Moment of the server's picture: the same on all pages of one walk. */
  asOf: z.iso.datetime({ offset: true }),
  /** Items of the whole walk. */
  total: z.int().nonnegative(),
  items: z.custom<unknown[]>(Array.isArray, 'expected an array'),
  nextCursor: z.string().min(1).nullable(),
});
export type CarePage = z.infer<typeof carePage>;

export const careInstitution = z.looseObject({
  sid: text.min(1),
  name: text,
  ownership: text,
  legalClass: optionalText,
  parentSchoolCode: optionalText,
  quasiPublic: z.boolean().nullish(),
  town: text,
  address: optionalText,
  telephone: optionalText,
  principal: optionalText,
  approvedCapacity: z.int().nullish(),
  status: optionalText,
  reviewStatus: text,
  updatedAt: text,
});

export const careStaff = z.looseObject({
  staffId: text.min(1),
  institutionSid: text.min(1),
  nationalId: optionalText,
  name: text,
  sex: optionalText,
  birthDate: optionalText,
  title: text,
  certificateNo: optionalText,
  hiredOn: optionalText,
  leftOn: optionalText,
  leaveReason: optionalText,
  email: optionalText,
  mobile: optionalText,
  reviewStatus: text,
  changeType: optionalText,
  updatedAt: text,
});
