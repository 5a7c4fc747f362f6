/**
 * A Mingce process in miniature, for tests that need real ones: opens the database of the order in its argument, says
 * on stdout how that went, and leaves when its stdin ends.
 */
import { text } from 'node:stream/consumers';
import { openEmbedded } from '../../../warehouse/embedded/open-embedded.ts';

const log = { info: console.error, warn: console.error };
try {
  const database = await openEmbedded({ ...JSON.parse(process.argv[2] ?? '{}'), log });
  process.stdout.write(`${JSON.stringify({ url: database.url })}\n`);
  await text(process.stdin);
  await database.close();
} catch (error) {
  if (!(error instanceof Error)) throw error;
  process.stdout.write(`${JSON.stringify({ error: `${error.name}: ${error.message}` })}\n`);
}
