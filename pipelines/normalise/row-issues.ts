import type { RowIssueCode } from '../../schemas/messages/rows.ts';
import type { Issue, RecordKind } from '../../schemas/records.ts';
import { maskValue } from './mask-value.ts';

/** What was found wrong while one row is read. Values are masked on the way in, so no reader can leak one by forgetting to. */
export class RowIssues {
  readonly kind: RecordKind;
  readonly warnings: Issue[] = [];
  /** Any of these makes the row rejected. All are collected: a clerk corrects a row once. */
  readonly errors: Issue[] = [];

  constructor(kind: RecordKind) {
    this.kind = kind;
  }

  /** The value was repaired, doubted or dropped; the row stays. */
  warn(code: RowIssueCode, column: string | null, value: string | null, params?: Issue['params']): void {
    this.warnings.push(this.issue(code, column, value, params));
  }

  /** The row is quarantined. */
  reject(code: RowIssueCode, column: string | null, value: string | null, params?: Issue['params']): void {
    this.errors.push(this.issue(code, column, value, params));
  }

  /** A value as it may stand inside `params`. */
  show(column: string | null, value: string): string {
    return maskValue(this.kind, column, value);
  }

  private issue(code: RowIssueCode, column: string | null, value: string | null, params: Issue['params']): Issue {
    const shown = value === null ? null : maskValue(this.kind, column, value);
    return params === undefined ? { code, column, value: shown } : { code, column, value: shown, params };
  }
}
