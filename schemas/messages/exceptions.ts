import type { Message } from './catalogue.ts';

/** What a run finds that a person must look at. */
export const EXCEPTION_MESSAGES = {} as const satisfies Record<string, Message>;
