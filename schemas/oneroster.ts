/**
 * Wire shapes of the OneRoster REST API, 1.1 and 1.2, as far as they are read. A list stands under its own name; its items are left unparsed there,
 * so that a broken one costs its row and not the source.
 */
import { z } from 'zod';

const said = z.string().nullish();
const reference = z.looseObject({ sourcedId: z.string().min(1) });

export const oneRosterOrg = z.looseObject({
  sourcedId: z.string().min(1),
  status: said,
  type: z.string(),
  identifier: said,
  parent: reference.nullish(),
});

export const oneRosterUser = z.looseObject({
  sourcedId: z.string().min(1),
  status: said,
  dateLastModified: said,
  givenName: z.string(),
  familyName: z.string(),
  email: said,
  phone: said,
  sms: said,
  identifier: said,
  userIds: z.array(z.looseObject({ type: z.string(), identifier: z.string() })).nullish(),
  /** 1.1 */
  role: said,
  orgs: z.array(reference).nullish(),
  /** 1.2 */
  roles: z
    .array(z.looseObject({ role: z.string(), roleType: said, org: reference, beginDate: said, endDate: said }))
    .nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
});

export const oneRosterDemographics = z.looseObject({ sourcedId: z.string().min(1), birthDate: said, sex: said });
