/** A receipt as one page that needs nothing else: no script, no outside file, prints on A4. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Eta } from 'eta';
import type { Receipt } from '../../schemas/outputs/receipt.ts';
import * as words from './receipt-words.ts';

const HERE = import.meta.dirname;
const eta = new Eta({ views: HERE, autoEscape: true, cache: true });
const css = (): string => readFileSync(path.join(HERE, 'report.css'), 'utf8');

export const renderReceiptHtml = (receipt: Receipt): string =>
  eta.render('./report-page', {
    title: `回條 ${words.sender(receipt)}`,
    css: css(),
    body: eta.render('./receipt-body', { r: receipt, w: words }),
  });
