import type { Message } from './catalogue.ts';

/** One row or cell that was rejected or doubted. */
export const ROW_MESSAGES = {} as const satisfies Record<string, Message>;
