/**
 * Noto Sans CJK in two weights, cut down to the characters of one document. Some characters are drawn by one glyph (the middle dots ‧ and ・), and a
 * PDF says of a glyph only one character that it stands for: the second of them goes into a font of its own, so that both are found and copied as what they are.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { getFontPath } from '@noto-pdf-ts/fonts-cjk';
import { Blob, Face, Font } from 'harfbuzzjs';

export const WEIGHTS = { regular: 400, bold: 700 } as const;
export type Weight = keyof typeof WEIGHTS;

export interface SubsetFonts {
  /** Which of a weight's fonts has the character; undefined where the typeface does not have it. */
  layers: ReadonlyMap<number, number>;
  files: Readonly<Record<Weight, readonly Buffer[]>>;
}

/** The forms of Taiwan in the collection, whose first faces are those of Japan, Korea and China. */
const TAIWAN = 3;

/** What we use of the module's functions; it takes and gives addresses in its memory. */
interface Subsetter {
  memory: { buffer: ArrayBuffer };
  _initialize(): void;
  malloc(bytes: number): number;
  hb_blob_create(data: number, length: number, mode: number, user: number, destroy: number): number;
  hb_blob_get_data(blob: number, length: number): number;
  hb_blob_get_length(blob: number): number;
  hb_blob_destroy(blob: number): void;
  hb_face_create(blob: number, index: number): number;
  hb_face_reference_blob(face: number): number;
  hb_face_destroy(face: number): void;
  hb_set_add(set: number, value: number): void;
  hb_set_clear(set: number): void;
  hb_subset_input_create_or_fail(): number;
  hb_subset_input_destroy(input: number): void;
  hb_subset_input_unicode_set(input: number): number;
  hb_subset_input_set(input: number, which: number): number;
  hb_subset_input_pin_axis_location(input: number, face: number, axis: number, value: number): number;
  hb_subset_or_fail(face: number, input: number): number;
}
/** The platform has it; the types of Node do not name it. */
declare const WebAssembly: { instantiate(bytes: Uint8Array): Promise<{ instance: { exports: unknown } }> };

const LAYOUT_FEATURES = 6;
const WRITABLE = 2;
const WEIGHT_AXIS = Buffer.from('wght').readUInt32BE();

async function openSubsetter(font: Uint8Array): Promise<{ hb: Subsetter; face: number }> {
  const wasm = await readFile(fileURLToPath(import.meta.resolve('harfbuzzjs/dist/harfbuzz-subset.wasm')));
  const { instance } = await WebAssembly.instantiate(wasm);
  const hb = instance.exports as Subsetter;
  hb._initialize();
  const address = hb.malloc(font.length);
  new Uint8Array(hb.memory.buffer).set(font, address);
  const blob = hb.hb_blob_create(address, font.length, WRITABLE, 0, 0);
  const face = hb.hb_face_create(blob, TAIWAN);
  hb.hb_blob_destroy(blob);
  return { hb, face };
}

/** A static TrueType font of one weight, without ligatures and kerning: a character is one glyph of one width. */
function subset({ hb, face }: { hb: Subsetter; face: number }, characters: Iterable<number>, weight: number): Buffer {
  const input = hb.hb_subset_input_create_or_fail();
  hb.hb_set_clear(hb.hb_subset_input_set(input, LAYOUT_FEATURES));
  const unicodes = hb.hb_subset_input_unicode_set(input);
  for (const character of characters) hb.hb_set_add(unicodes, character);
  const pinned = hb.hb_subset_input_pin_axis_location(input, face, WEIGHT_AXIS, weight);
  const cut = pinned === 0 ? 0 : hb.hb_subset_or_fail(face, input);
  hb.hb_subset_input_destroy(input);
  if (cut === 0) throw new Error(`the typeface could not be cut down to weight ${weight}; is it whole?`);
  const blob = hb.hb_face_reference_blob(cut);
  const from = hb.hb_blob_get_data(blob, 0);
  const bytes = Buffer.from(new Uint8Array(hb.memory.buffer).slice(from, from + hb.hb_blob_get_length(blob)));
  hb.hb_blob_destroy(blob);
  hb.hb_face_destroy(cut);
  return bytes;
}

/** A character's layer is how many that share its glyph stand before it. */
function layersOf(font: Uint8Array): Map<number, number> {
  const face = new Face(new Blob(font));
  const glyphs = new Font(face);
  const shared = new Map<number, number>();
  const layers = new Map<number, number>();
  for (const character of face.collectUnicodes()) {
    const glyph = glyphs.nominalGlyph(character) ?? 0;
    const before = shared.get(glyph) ?? 0;
    shared.set(glyph, before + 1);
    layers.set(character, before);
  }
  return layers;
}

/** @param text every character that the document may draw */
export async function subsetFonts(text: string): Promise<SubsetFonts> {
  const typeface = await openSubsetter(await readFile(getFontPath()));
  const asked = [...new Set(text)].map((character) => character.codePointAt(0) as number).sort((a, b) => a - b);
  const layers = layersOf(subset(typeface, asked, WEIGHTS.regular));
  const depth = Math.max(0, ...layers.values());
  const filesOf = (weight: number): Buffer[] =>
    Array.from({ length: depth + 1 }, (_, layer) =>
      subset(
        typeface,
        asked.filter((character) => layers.get(character) === layer),
        weight,
      ),
    );
  return { layers, files: { regular: filesOf(WEIGHTS.regular), bold: filesOf(WEIGHTS.bold) } };
}
