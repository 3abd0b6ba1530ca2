// The codes of the characters that YAML and JSON are made of: readers of bytes and of long texts compare numbers.

export const TAB = 9;
export const NEWLINE = 10;
export const CARRIAGE_RETURN = 13;
export const SPACE = 32;
export const QUOTE = 34;
export const HASH = 35;
export const PERCENT = 37;
export const APOSTROPHE = 39;
export const PLUS = 43;
export const COMMA = 44;
export const DASH = 45;
export const DOT = 46;
export const COLON = 58;
export const QUESTION = 63;
export const OPENING_BRACKET = 91;
export const BACKSLASH = 92;
export const CLOSING_BRACKET = 93;
export const UNDERSCORE = 95;
export const OPENING_BRACE = 123;
export const BAR = 124;
export const CLOSING_BRACE = 125;
export const DELETE = 127;
