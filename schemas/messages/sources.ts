import type { Message } from './catalogue.ts';

/** A source that failed as a whole. */
export const SOURCE_MESSAGES = {} as const satisfies Record<string, Message>;
