// A line of the terminal view: pieces of text with a colour each. Everything on screen is made of these.

export interface Piece {
  readonly text: string;
  readonly color?: 'green' | 'yellow' | 'red' | 'magenta' | 'cyan' | 'gray' | 'blue';
  readonly bold?: boolean;
  readonly dim?: boolean;
}

export interface Line {
  /** Tells the line apart from its neighbours across redraws. */
  readonly id: string;
  readonly pieces: readonly Piece[];
  /** What Enter opens: the address of an object. */
  readonly opens?: string;
  /** What left and right fold: the address of an object with children. */
  readonly folds?: string;
}

export function piece(text: string, style: Omit<Piece, 'text'> = {}): Piece {
  return { text, ...style };
}

export function plainText({ pieces }: Line): string {
  return pieces.map(({ text }) => text).join('');
}
