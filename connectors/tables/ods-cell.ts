/**
 * One cell of an ODS workbook: its value as the file keeps it, not as the sheet formats it. Dates are ISO text already, early ones put right
 * (`early-day.ts`); of a formula it is the value that was last calculated. Remarks (annotations) pinned to a cell are no part of it.
 */
import { isoText } from './cell-text.ts';
import { earlyText } from './early-day.ts';

const MAX_SPACES = 1_000;

export interface OdsCell {
  begin(attributes: Readonly<Record<string, string>>): void;
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  add(text: string): void;
  close(name: string): void;
  text(): string;
  /** It shows the error of a formula. */
  readonly error: boolean;
}

export function createOdsCell(): OdsCell {
  let value: string | null = null;
  let gathered = '';
  let paragraphs = 0;
  let inParagraph = 0;
  let inRemark = 0;
  let error = false;
  return {
    begin(attributes) {
      error = attributes['calcext:value-type'] === 'error';
      // The value beside an error is what LibreOffice has instead of one: an empty text, or 0.
      value = error ? null : typedValue(attributes);
      [gathered, paragraphs, inParagraph, inRemark] = ['', 0, 0, 0];
    },
    open(name, attributes) {
      if (name === 'annotation') inRemark += 1;
      else if (inRemark > 0) return;
      else if (name === 'p') {
        if (paragraphs++ > 0) gathered += '\n';
        inParagraph += 1;
      } else if (name === 's') gathered += ' '.repeat(Math.min(MAX_SPACES, Number(attributes['text:c'] ?? 1) || 1));
      else if (name === 'tab') gathered += '\t';
      else if (name === 'line-break') gathered += '\n';
    },
    add(text) {
      if (inParagraph > 0 && inRemark === 0) gathered += text;
    },
    close(name) {
      if (name === 'annotation') inRemark -= 1;
      else if (name === 'p' && inRemark === 0) inParagraph -= 1;
    },
    text: () => value ?? gathered,
    get error() {
      return error;
    },
  };
}

/** null for text, which stands in paragraphs. */
function typedValue(attributes: Readonly<Record<string, string>>): string | null {
  switch (attributes['office:value-type']) {
    case 'float':
    case 'percentage':
    case 'currency':
      return numberText(attributes['office:value']);
    case 'date':
      return attributes['office:date-value'] === undefined ? null : earlyText(isoText(attributes['office:date-value']));
    case 'boolean':
      return attributes['office:boolean-value']?.toUpperCase() ?? null;
    case 'string':
      return attributes['office:string-value'] ?? null;
    default:
      return null;
  }
}

const numberText = (value: string | undefined): string | null => {
  const number = Number(value);
  return value === undefined || Number.isNaN(number) ? null : String(number);
};
