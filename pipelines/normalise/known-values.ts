/** Columns of few values, and whether a text is one that its reader knows: what a contract calls a new value. Any other column may hold anything. */
import type { Column } from '../../schemas/columns.ts';
import type { RecordKind } from '../../schemas/records.ts';
import { cleanText, saysNothing } from './clean-text.ts';
import {
  ACCOUNT_STATE,
  codedText,
  INSTITUTION_STATUS,
  LEGAL_CLASS,
  OWNERSHIP,
  QUASI_PUBLIC_TEXTS,
  REVIEW,
  SEX,
  YES_NO,
} from './coded-values.ts';
import { knowsChange, knowsEndReason } from './read-change.ts';
import { knowsSection } from './read-section.ts';
import { knowsServiceState } from './read-service-state.ts';

type Knows = (text: string) => boolean;

const within =
  (...sets: readonly { has(text: string): boolean }[]): Knows =>
  (text) => {
    const coded = codedText(text);
    return sets.some((set) => set.has(coded));
  };
const YEARS = /^\d{3}(?:-\d{3})?$/;

const CODED: Readonly<Record<RecordKind, Partial<Record<Column, Knows>>>> = {
  institution: {
    section: knowsSection,
    ownership: within(OWNERSHIP),
    legalClass: within(LEGAL_CLASS),
    quasiPublic: (text) => within(YES_NO, QUASI_PUBLIC_TEXTS)(text) || YEARS.test(codedText(text)),
    status: within(INSTITUTION_STATUS),
    review: within(REVIEW),
  },
  staff: {
    section: knowsSection,
    sex: within(SEX),
    primary: within(YES_NO),
    change: knowsChange,
    endReason: knowsEndReason,
    serviceState: knowsServiceState,
    review: within(REVIEW),
  },
  account: { section: knowsSection, state: within(ACCOUNT_STATE) },
  course: { section: knowsSection },
};

export const codedColumns = (kind: RecordKind): Column[] => Object.keys(CODED[kind]) as Column[];

export function isKnownValue(kind: RecordKind, column: Column, raw: string): boolean {
  const text = cleanText(raw);
  return saysNothing(text) || (CODED[kind][column]?.(text) ?? true);
}
