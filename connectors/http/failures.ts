import { SourceError } from '../../schemas/source-error.ts';

/** Ways in which an exchange with a server fails, and the message code of each: every kind of source has texts of its own for its readers. */
export interface HttpCodes {
  unreachable: string;
  timeout: string;
  tooLarge: string;
  status: string;
  busy: string;
  redirect: string;
  credentials: string;
  unauthorised: string;
  notJson: string;
  jsonBroken: string;
  jsonDuplicateKey: string;
  jsonBigNumber: string;
  shape: string;
}

export type Params = Record<string, string | number>;
export type Fail = (failure: keyof HttpCodes, params: Params, options?: { retryable?: boolean }) => SourceError;

/** `common` goes into every text: the source's name, where several sources share the codes. */
export const failWith =
  (codes: HttpCodes, common: Params = {}): Fail =>
  (failure, params, options) =>
    new SourceError(codes[failure], { ...common, ...params }, options);
