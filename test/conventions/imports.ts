/** The imports of a file, found in its text: the code is formatted, so a statement begins a line. */
import { dirname, join, normalize } from 'node:path';
import { read, withoutComments } from './source-files.ts';

export interface Import {
  from: string;
  /** A path of the project, or the bare name of a package. */
  to: string;
  own: boolean;
  /** Erased before anything runs. */
  typeOnly: boolean;
}

const STATEMENT = /^(?:import|export)\s+(?<what>[^'";]*?)\s*from\s+'(?<spec>[^']+)'/gm;
const FOR_EFFECT = /^import\s+'(?<spec>[^']+)'/gm;
/** `import('…')`, and the `new URL('….ts', import.meta.url)` that names the program of another process. */
const AT_RUN_TIME = /\bimport\(\s*'(?<spec>[^']+)'|\bnew URL\(\s*'(?<file>\.[^']+\.ts)'/g;

const isTypeOnly = (what: string): boolean => {
  if (what.startsWith('type ')) return true;
  const named = /^\{([^}]*)\}$/.exec(what)?.[1];
  const names = named?.split(',').filter((name) => name.trim() !== '');
  return names !== undefined && names.length > 0 && names.every((name) => name.trim().startsWith('type '));
};

function target(from: string, spec: string, typeOnly: boolean): Import {
  const own = spec.startsWith('.');
  return { from, to: own ? normalize(join(dirname(from), spec)) : spec, own, typeOnly };
}

export function importsIn(from: string, text: string): Import[] {
  const code = withoutComments(text);
  return [
    ...[...code.matchAll(STATEMENT)].map(({ groups }) => target(from, groups!.spec!, isTypeOnly(groups!.what!))),
    ...[...code.matchAll(FOR_EFFECT)].map(({ groups }) => target(from, groups!.spec!, false)),
    ...[...code.matchAll(AT_RUN_TIME)].map(({ groups }) => target(from, (groups!.spec ?? groups!.file)!, false)),
  ];
}

export const importsOf = (file: string): Import[] => importsIn(file, read(file));
