/** A packer's output depends on how its input was cut: pieces of one length give the same bytes, however the rows came. */
import type { ZipDeflate } from 'fflate';

const PIECE_BYTES = 64 * 1024;

export interface EvenPieces {
  push(piece: Uint8Array): void;
  /** Nothing comes after it. */
  end(): void;
}

export function evenPieces(file: Pick<ZipDeflate, 'push'>): EvenPieces {
  let held = new Uint8Array(PIECE_BYTES);
  let filled = 0;
  return {
    push: (piece) => {
      for (let at = 0; at < piece.length; ) {
        const taken = Math.min(piece.length - at, PIECE_BYTES - filled);
        held.set(piece.subarray(at, at + taken), filled);
        filled += taken;
        at += taken;
        if (filled < PIECE_BYTES) continue;
        file.push(held);
        // The packer may keep what it was given.
        held = new Uint8Array(PIECE_BYTES);
        filled = 0;
      }
    },
    end: () => file.push(held.subarray(0, filled), true),
  };
}
