/** How the text report is laid out: 100 columns, lines that may hang over by a closing mark. */
import { wrap } from './display-width.ts';

export const WIDTH = 100;
/** A closing mark may hang two columns over. */
export const HANG = 2;
/** Of one kind of matter; the page and the JSON name them all. */
export const LONGEST_LIST = 20;

export const paragraph = (text: string, indent = 2): string[] =>
  wrap(text, WIDTH - HANG - indent).map((line) => ' '.repeat(indent) + line);
