import { type Fail, failWith, type HttpCodes } from './failures.ts';

const CODES: HttpCodes = {
  unreachable: 'api-unreachable',
  timeout: 'api-timeout',
  tooLarge: 'api-response-too-large',
  status: 'api-status',
  busy: 'api-busy',
  redirect: 'api-redirect',
  credentials: 'api-credentials',
  unauthorised: 'api-unauthorised',
  notJson: 'api-not-json',
  jsonBroken: 'api-json-broken',
  jsonDuplicateKey: 'api-json-duplicate-key',
  jsonBigNumber: 'api-json-big-number',
  shape: 'api-shape',
};

/** Errors of an API that has no texts of its own: they name the source. */
export const failApi = (source: string): Fail => failWith(CODES, { source });
