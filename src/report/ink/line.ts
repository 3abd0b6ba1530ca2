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
