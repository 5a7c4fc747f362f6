/** A planning system in small: see README.md beside it. */
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { RefusedError } from './api-client.ts';
import { follow } from './follow.ts';
import { openRoster } from './roster.ts';

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:4080' },
    campaign: { type: 'string', default: '113' },
    kind: { type: 'string', default: 'teacher-plan' },
    keys: { type: 'string', default: 'mingce-keys.json' },
    dir: { type: 'string', default: 'planning' },
    whole: { type: 'boolean', default: false },
  },
});
const token = process.env.PLANNING_TOKEN;
if (!token) {
  process.stderr.write('PLANNING_TOKEN is not set; expected the token that "mingce tokens add" showed\n');
  process.exit(64);
}
const { keys } = JSON.parse(readFileSync(values.keys, 'utf8'));
const { url, campaign, kind, whole } = values;
const dir = path.resolve(values.dir);
mkdirSync(dir, { recursive: true, mode: 0o700 });
const roster = openRoster(path.join(dir, `${kind}.sqlite`));
try {
  const stands = await follow({ url, token }, roster, { campaign, kind, keys, dir, whole });
  process.stdout.write(`${JSON.stringify(stands)}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof RefusedError ? 'refused' : 'failed'}: ${(error as Error).message}\n`);
  process.exitCode = error instanceof RefusedError ? 2 : 1;
} finally {
  roster.close();
}
