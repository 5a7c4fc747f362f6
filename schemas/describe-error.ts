/**
 * An error in words that may be logged, stored in a queue or shown: what a database says about the values it was given stays out (I8), and so do
 * characters that a queue backend cannot keep (NUL for PostgreSQL, a lone surrogate for JSON).
 */
import { z } from 'zod';
import { message } from './messages/catalogue.ts';
import { storableText } from './storable.ts';

const SQLSTATE = /^[0-9A-Z]{5}$/;
const MAX_LENGTH = 500;

interface DatabaseErrorLike {
  code: string;
  severity: string;
  table?: string;
  column?: string;
  constraint?: string;
  routine?: string;
}

const isDatabaseError = (error: object): error is DatabaseErrorLike =>
  'severity' in error && 'code' in error && typeof error.code === 'string' && SQLSTATE.test(error.code);

export interface ErrorDescription {
  code: string;
  message: string;
}

export function describeError(error: unknown): ErrorDescription {
  if (!(error instanceof Error)) return { code: 'unknown', message: clean(String(error)) };
  if (isDatabaseError(error)) {
    const where = [error.table, error.column, error.constraint, error.routine].filter((v) => v !== undefined).join(' ');
    return { code: error.code, message: `PostgreSQL refused it: SQLSTATE ${error.code} (${where})` };
  }
  if (error instanceof z.core.$ZodError) {
    return { code: 'document-malformed', message: message('document-malformed', {}, 'en') };
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return { code, message: clean(error.message) };
}

const MOST_PROBLEMS = 10;

/** Where a document differs from its schema and what was expected there, for the log; never the value. Empty for any other error. */
export const shapeProblems = (error: unknown): string[] =>
  error instanceof z.core.$ZodError
    ? error.issues
        .slice(0, MOST_PROBLEMS)
        .map((issue) => clean(`${issue.path.map(String).join('.')}: ${issue.message}`))
    : [];

const clean = (text: string): string => storableText(text).slice(0, MAX_LENGTH);
