/** Progress on stderr: a bar on a terminal, plain lines elsewhere (at most one every few seconds). */
import { Presets, SingleBar } from 'cli-progress';

const LINE_EVERY_MS = 5_000;

export interface Progress {
  /** Sources heard of how many, and rows read so far. */
  hearing(label: string, heard: number, total: number, rows: number): void;
  /** A stage after the hearing. */
  stage(label: string, stage: string): void;
  done(): void;
}

const number = (n: number): string => n.toLocaleString('en-US');

function barProgress(stream: NodeJS.WriteStream): Progress {
  let bar: SingleBar | null = null;
  let label = '';
  let started = 0;
  const stop = (): void => {
    bar?.stop();
    bar = null;
  };
  return {
    hearing: (at, heard, total, rows) => {
      if (bar === null || label !== at) {
        stop();
        label = at;
        started = Date.now();
        const format = '{label} {bar} {value}/{total} sources · {rows} rows · {rate} rows/s · {eta_formatted} left';
        bar = new SingleBar(
          { format, stream, hideCursor: true, clearOnComplete: true, barsize: 24 },
          Presets.shades_classic,
        );
        bar.start(total, heard, { label, rows: number(rows), rate: '–' });
      }
      const seconds = Math.max(0.1, (Date.now() - started) / 1000);
      bar.setTotal(total);
      bar.update(heard, { label, rows: number(rows), rate: number(Math.round(rows / seconds)) });
    },
    stage: (at, stage) => {
      stop();
      stream.write(`\r\x1b[K${at} ${stage} …`);
    },
    done: () => {
      stop();
      stream.write('\r\x1b[K');
    },
  };
}

function lineProgress(stream: NodeJS.WriteStream): Progress {
  let last = 0;
  let lastStage = '';
  return {
    hearing: (label, heard, total, rows) => {
      if (Date.now() - last < LINE_EVERY_MS) return;
      last = Date.now();
      stream.write(`${label}: ${heard}/${total} sources, ${number(rows)} rows\n`);
    },
    stage: (label, stage) => {
      if (lastStage === `${label}${stage}`) return;
      lastStage = `${label}${stage}`;
      stream.write(`${label}: ${stage}\n`);
    },
    done: () => undefined,
  };
}

export const makeProgress = (stream: NodeJS.WriteStream): Progress =>
  stream.isTTY ? barProgress(stream) : lineProgress(stream);
