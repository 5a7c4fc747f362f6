import { inspect } from 'node:util';
import { expect } from 'vitest';
import { message } from '../../../schemas/messages/catalogue.ts';
import { SourceError } from '../../../schemas/source-error.ts';
import { makeTestLogger } from '../../support/test-logger.ts';
import { contextAt, handOver } from '../support/handover.ts';
import type { StandIn } from './harness.ts';

/** From this length on a secret is looked for in other forms too; a name of three characters is nobody's base64. */
const LONG = 8;

/** As it stands, the beginning of it, in the query of an address, and in base64 wherever it begins. */
function formsOf(secret: string): string[] {
  const forms = [secret, encodeURIComponent(secret)];
  if (secret.length < LONG) return forms;
  for (const shift of [0, 1, 2]) {
    const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret)]);
    // Only the characters that no neighbour has a part in.
    const whole = Math.floor((bytes.length * 8) / 6);
    const coded = bytes.toString('base64').slice(Math.ceil((shift * 8) / 6), whole);
    forms.push(coded, coded.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return [...forms, secret.slice(0, LONG)];
}

/** Whatever the thing is, down to causes and stacks. */
export function expectNoSecret(thing: unknown, secrets: readonly string[]): void {
  const text =
    typeof thing === 'string' ? thing : inspect(thing, { depth: 12, showHidden: true, maxStringLength: null });
  for (const [i, secret] of secrets.entries()) {
    if (formsOf(secret).some((form) => text.includes(form)))
      expect.unreachable(`secret ${i} of the world shows in:\n${text.slice(0, 500)}`);
  }
}

/**
 * Tries to take everything from a world that fails. @returns the code of its SourceError, whose text is in the catalogue, filled, in both languages, and
 * free of secrets. The check fails when anything was handed over to its end, or ended otherwise.
 */
export async function failureOf({ connector, secrets, asked }: StandIn): Promise<string> {
  const log = makeTestLogger();
  const ctx = { ...contextAt(), log: log.logger };
  const taken = (async () => {
    for (const part of await connector.discover(ctx)) {
      if ((await handOver(connector, part, ctx)).length > 0) expect.unreachable(`${part.source} handed over a picture`);
    }
    expect.unreachable('there was nothing to hear, and no error');
  })();
  const error = await taken.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof SourceError)) throw error;
  for (const language of ['zh', 'en'] as const) {
    expect(message(error.code, error.params, language), error.code).not.toMatch(/\{\w+\}/);
  }
  expectNoSecret(error, secrets);
  expectNoSecret(log.text(), secrets);
  expectNoSecret(asked?.() ?? [], secrets);
  return error.code;
}
