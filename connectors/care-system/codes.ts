import { failWith, type HttpCodes } from '../http/failures.ts';

const CODES: HttpCodes = {
  unreachable: 'care-unreachable',
  timeout: 'care-timeout',
  tooLarge: 'care-response-too-large',
  status: 'care-status',
  busy: 'care-busy',
  redirect: 'care-redirect',
  credentials: 'care-credentials',
  unauthorised: 'care-unauthorised',
  notJson: 'care-not-json',
  jsonBroken: 'care-json-broken',
  jsonDuplicateKey: 'care-json-duplicate-key',
  jsonBigNumber: 'care-json-big-number',
  shape: 'care-page-shape',
};

/** Errors of the care system feed, whose texts speak of it by name. */
export const failCare = failWith(CODES);
