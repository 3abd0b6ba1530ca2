// A line of the terminal view: pieces of text with a colour each. Everything on screen is made of these, without frames, so that
// what a reader selects with the mouse is plain text.

export interface Piece {
  readonly text: string;
  readonly color?: 'green' | 'yellow' | 'red' | 'magenta' | 'cyan' | 'gray' | 'blue';
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly inverse?: boolean;
}

export interface Line {
  /** Tells the line apart from its neighbours across redraws. */
  readonly id: string;
  readonly pieces: readonly Piece[];
  /** What Enter opens: the address of an object. */
  readonly opens?: string;
  /** What left and right fold: the address of an object with children, or a node. */
  readonly folds?: string;
  /** Simulated second that the line tells of. */
  readonly at?: number;
  /** Goes on in further lines where the screen is too narrow, as sentences do; other lines are cut. */
  readonly wraps?: boolean;
}

/** Letters that would move the terminal's cursor or change its colours become blanks. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g;

export function piece(text: string, style: Omit<Piece, 'text'> = {}): Piece {
  return { text: text.replace(CONTROL, ' '), ...style };
}

/** A line whose pieces are made when it comes on the screen: of 20,000 lines a reader sees 40. */
export function lazyLine(line: Omit<Line, 'pieces'>, make: () => readonly Piece[]): Line {
  let made: readonly Piece[] | undefined;
  return {
    ...line,
    get pieces() {
      made ??= make();
      return made;
    },
  };
}

export function plainText({ pieces }: Line): string {
  return pieces.map(({ text }) => text).join('');
}

const HANGING = '    ';
/** A screen of fewer columns shows too little to be worth many lines. */
const NARROWEST = 12;

/** Lines that wrap, as so many as the width needs. */
export function wrapLines(lines: readonly Line[], width: number): readonly Line[] {
  const room = Math.max(NARROWEST, width);
  if (!lines.some((line) => line.wraps && plainText(line).length > room)) return lines;
  return lines.flatMap((line) => (line.wraps ? wrapped(line, room) : [line]));
}

function wrapped(line: Line, room: number): Line[] {
  const rows: Piece[][] = [[]];
  let used = 0;
  const startRow = (): void => {
    rows.push([piece(HANGING)]);
    used = HANGING.length;
  };
  // A blank belongs to the word before it.
  for (const { text, ...style } of line.pieces)
    for (const word of text.match(/\S*\s*/g) ?? []) {
      if (used + word.trimEnd().length > room && used > HANGING.length) startRow();
      for (let rest = word; rest !== ''; ) {
        const part = rest.slice(0, Math.max(1, room - used));
        rows.at(-1)!.push({ text: part, ...style });
        used += part.length;
        rest = rest.slice(part.length).trimStart();
        if (rest !== '') startRow();
      }
    }
  return rows.map((pieces, index) => ({
    ...line,
    id: index === 0 ? line.id : `${line.id} +${index}`,
    pieces: joined(pieces),
  }));
}

/** Neighbours of one style as one piece. */
function joined(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = [];
  for (const { text, ...style } of pieces) {
    const last = result.at(-1);
    if (last && JSON.stringify({ ...last, text: '' }) === JSON.stringify({ text: '', ...style }))
      result[result.length - 1] = { ...last, text: last.text + text };
    else result.push({ text, ...style });
  }
  return result;
}

/** What a screen reader says in place of the signs that order a line for the eye. */
const SPOKEN: readonly (readonly [RegExp, string])[] = [
  [/▸ /g, 'folded, '],
  [/▾ /g, 'unfolded, '],
  [/-\/\+ /g, 'replace '],
  [/(^|, |^ *)\+ /g, '$1create '],
  [/(^|, |^ *)~ /g, '$1update '],
  [/(^|, |^ *)- /g, '$1delete '],
  [/ !/g, ', has a problem'],
  [/[█▒░─●]+/g, ' '],
  [/✗/g, 'refuses'],
  [/ · /g, ' '],
  [/ ×(\d+)/g, ' $1 times'],
  [/\s+/g, ' '],
];

export function spokenText(line: Line): string {
  return SPOKEN.reduce((text, [sign, word]) => text.replace(sign, word), plainText(line)).trim();
}
