const ASCII = /^[\0-\x7f]*$/;

/**
 * A text as the bytes of its UTF-8, a character each. Lines are put together from cells of which most stood in the row before: once they are bytes, the whole takes half the memory and
 * is written without being looked at again.
 */
export const asBytes = (text: string): string =>
  ASCII.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
