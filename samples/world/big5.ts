/** Which characters a Big5 (code page 950) exporter can write. */
import iconv from 'iconv-lite';

/** A table of one process; it holds facts of the code page only. */
export class Big5Repertoire {
  readonly #known = new Map<string, boolean>();

  has(character: string): boolean {
    let known = this.#known.get(character);
    if (known === undefined) {
      known = character.charCodeAt(0) < 128 || iconv.encode(character, 'cp950').toString('latin1') !== '?';
      this.#known.set(character, known);
    }
    return known;
  }

  holds(text: string): boolean {
    for (const character of text) if (!this.has(character)) return false;
    return true;
  }
}
