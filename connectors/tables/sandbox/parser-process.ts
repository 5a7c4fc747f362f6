/** One child process that reads workbooks, seen from its parent: requests, answers, and why it ended when it did. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { SourceError } from '../../../schemas/source-error.ts';
import type { ParserLimits } from '../limits.ts';
import { type Answer, createSplitter, encode, type Request } from './frames.ts';

export interface ParserProcess {
  readonly pid: number;
  readonly alive: boolean;
  /** Starts the clock of a file. */
  begin(file: string, headOnly: boolean): void;
  /** Resolves when the child can take more. @throws SourceError as `ask` */
  send(bytes: Uint8Array): Promise<void>;
  /** @throws SourceError the file's own fault, a limit that it struck (`file-needs-memory`, `file-needs-time`), or `file-reader-died` */
  ask(request: Request): Promise<Answer>;
  /** Ends it, and is done when it is gone. */
  end(): Promise<void>;
}

/** By which the child ends itself over too much memory. */
const OUT_OF_MEMORY = 'SIGUSR2';
/** How V8 ends when its heap is full. */
const HEAP_FULL: ReadonlySet<string> = new Set(['SIGABRT', 'SIGTRAP', 'SIGILL']);
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PROGRAM = fileURLToPath(new URL('./parser-child.ts', import.meta.url));
const READABLE = ['connectors', 'schemas', 'node_modules', 'package.json'].map(
  (path) => `--allow-fs-read=${ROOT}${path}`,
);

/** Without the parent's environment (secrets), signals of its terminal (Ctrl-C lets what is in hand end) and output (values of files). */
function start({ heapMiB, memoryMiB }: ParserLimits) {
  return spawn(
    process.execPath,
    [
      `--max-old-space-size=${heapMiB}`,
      '--max-semi-space-size=16',
      '--permission',
      '--allow-worker',
      ...READABLE,
      '--disable-warning=SecurityWarning',
      PROGRAM,
      String(process.pid),
      String(memoryMiB),
      OUT_OF_MEMORY,
    ],
    { env: { TZ: 'UTC', LANG: 'C.UTF-8' }, cwd: ROOT, detached: true, stdio: ['pipe', 'pipe', 'ignore'] },
  );
}

export function startParser(limits: ParserLimits): ParserProcess {
  const child = start(limits);
  const waiting: PromiseWithResolvers<Answer>[] = [];
  let file = '';
  let alive = true;
  let left = limits.seconds * 1000;
  let since = 0;
  let timer: NodeJS.Timeout | undefined;
  let late = false;

  const failure = (signal: NodeJS.Signals | null): SourceError => {
    if (late) return new SourceError('file-needs-time', { file, limit: limits.seconds });
    if (signal === OUT_OF_MEMORY || HEAP_FULL.has(String(signal)))
      return new SourceError('file-needs-memory', { file, limit: limits.memoryMiB });
    return new SourceError('file-reader-died', { file }, { retryable: true });
  };
  let died = failure(null);
  const stopClock = (): void => {
    clearTimeout(timer);
    left -= performance.now() - since;
  };
  const startClock = (): void => {
    since = performance.now();
    timer = setTimeout(
      () => {
        late = true;
        child.kill('SIGKILL');
      },
      Math.max(0, left),
    );
  };
  const gone = once(child, 'close').then(
    ([, signal]) => {
      alive = false;
      clearTimeout(timer);
      died = failure(signal as NodeJS.Signals | null);
      for (const one of waiting.splice(0)) one.reject(died);
    },
    (cause: unknown) => {
      alive = false;
      died = new SourceError('file-reader-died', { file }, { cause, retryable: true });
      for (const one of waiting.splice(0)) one.reject(died);
    },
  );
  const split = createSplitter((message) => {
    const one = waiting.shift();
    if (waiting.length === 0) stopClock();
    const answer = message as Answer;
    if (answer.kind === 'refused') one?.reject(new SourceError(answer.code, answer.params, causeOf(answer.trace)));
    else if (answer.kind === 'failed')
      one?.reject(new SourceError('file-reader-died', { file }, causeOf(answer.trace)));
    else one?.resolve(answer);
  });
  child.stdout.on('data', (piece: Buffer) => {
    try {
      split(piece);
    } catch {
      child.kill('SIGKILL'); // It does not speak our language any more; `gone` tells whoever waits.
    }
  });
  child.stdin.on('error', () => undefined); // Writing to one that ended: `gone` tells why.
  child.unref();
  for (const pipe of [child.stdin, child.stdout]) (pipe as unknown as { unref(): void }).unref();

  const write = (request: Request): boolean => {
    const [head, body] = encode(request) as [Buffer, Buffer];
    child.stdin.write(head);
    return child.stdin.write(body);
  };
  return {
    pid: child.pid ?? 0,
    get alive() {
      return alive;
    },
    begin(name, headOnly) {
      file = name;
      left = limits.seconds * 1000;
      write({ kind: 'begin', file, headOnly });
    },
    async send(bytes) {
      if (!alive) throw died;
      const taken = write({ kind: 'bytes', bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) });
      if (!taken) await Promise.race([once(child.stdin, 'drain').catch(() => undefined), gone]);
      if (!alive) throw died;
    },
    ask(request) {
      if (!alive) return Promise.reject(died);
      const one = Promise.withResolvers<Answer>();
      if (waiting.length === 0) startClock();
      waiting.push(one);
      write(request);
      return one.promise;
    },
    async end() {
      child.ref();
      child.kill('SIGKILL');
      await gone;
    },
  };
}

const causeOf = (trace: string): { cause?: unknown } => (trace === '' ? {} : { cause: new Error(trace) });
