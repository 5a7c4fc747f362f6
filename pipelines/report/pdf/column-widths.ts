/** How wide the columns of a table are on a page. Points. Pure. */

/** Prose is not made narrower than this for the sake of others. */
const NARROW = 72;

export interface Need {
  longest: number;
  /** Below this it is hard to read. */
  usual: number;
  /** Gives nothing away. */
  stiff: boolean;
  text: boolean;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** Where even the stiff are too wide together, their longest texts become prose. */
function softened(needs: readonly Need[], body: number): Need[] {
  const soft = [...needs];
  const tooWide = (): boolean => sum(soft.map((need) => (need.stiff ? need.longest : NARROW))) > body;
  while (tooWide()) {
    const longest = soft.reduce<Need | null>(
      (most, need) => (need.stiff && need.text && need.longest > (most?.longest ?? NARROW) ? need : most),
      null,
    );
    if (longest === null) break;
    soft[soft.indexOf(longest)] = { ...longest, stiff: false };
  }
  return soft;
}

/** @returns widths that together fill `body`; where there is room, each column has what it needs */
export function columnWidths(asked: readonly Need[], body: number): number[] {
  const needs = softened(asked, body);
  const loose = needs.filter(({ stiff }) => !stiff);
  const fixed = sum(needs.filter(({ stiff }) => stiff).map(({ longest }) => longest));
  const usual = sum(loose.map((need) => need.usual));
  if (fixed + usual <= body) {
    // What is left goes to the prose that has longer cells, or to all in proportion.
    const over = body - fixed - usual;
    const more = sum(loose.map((need) => need.longest - need.usual));
    if (over < more) return needs.map((n) => (n.stiff ? n.longest : n.usual + (over * (n.longest - n.usual)) / more));
    const spare = over - more;
    const share = sum(loose.length > 0 ? loose.map(({ longest }) => longest) : [fixed]);
    return needs.map((n) => n.longest + (n.stiff && loose.length > 0 ? 0 : (spare * n.longest) / share));
  }
  // The longest prose gives way first, by less than it is longer.
  const roots = sum(loose.map((need) => Math.sqrt(need.usual)));
  const room = Math.max(body - fixed, 0);
  const squeezed = needs.map((n) => (n.stiff ? n.longest : (room * Math.sqrt(n.usual)) / roots));
  const factor = body / sum(squeezed);
  return squeezed.map((width) => width * factor);
}
