// Copies through the terminal (OSC 52), which works over ssh too. A terminal answers nothing; what is known to go wrong is said beforehand.

export interface Clipboard {
  /** Why this terminal takes no copies; undefined where it may. */
  readonly refusal?: string;
}

/** xterm reads no more of a control sequence, and others follow it. */
const MOST_LETTERS = 100_000;
const START = '\u001b]52;c;';
const END = '\u0007';

/** What asks the terminal to keep a text. */
export function copySequence(text: string): string {
  return `${START}${Buffer.from(text).toString('base64')}${END}`;
}

/** Why a text cannot be copied. */
export function copyRefusal(text: string, { refusal }: Clipboard): string | undefined {
  if (refusal !== undefined) return refusal;
  const letters = copySequence(text).length;
  if (letters <= MOST_LETTERS) return undefined;
  return `terminals take ${MOST_LETTERS / 1000} kB at once, this is ${Math.ceil(letters / 1000)}; filter, or -o text=FILE`;
}

/** Terminals that drop the sequence, by what they say of themselves in the environment. */
export function clipboardOf(env: Readonly<Record<string, string | undefined>>): Clipboard {
  const { TERM = '', TERM_PROGRAM = '', STY } = env;
  if (TERM_PROGRAM === 'Apple_Terminal')
    return { refusal: 'Terminal.app takes no copies from programs; select with the mouse' };
  if (TERM === 'linux' || TERM === 'dumb' || TERM === '') return { refusal: 'this terminal has no clipboard' };
  if (STY !== undefined && STY !== '') return { refusal: 'GNU screen passes no copies on; select with the mouse' };
  return {};
}
