/**
 * Version of the rules by which received bytes become records. To be raised by hand, by one, with every change that makes a record, an issue or an
 * outcome of a row another one: in this folder, in the connectors' reading (titles and aliases too) or in what a column of few values may say. Bytes that
 * were landed under another version are read again when they come again (`pipelines/landing/reading-digest.ts`); what does not come again waits for a replay.
 */
export const RULES_VERSION = 4;
