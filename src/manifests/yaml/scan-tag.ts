// Anchors, aliases, tags and directives.
// Behaviour: go.yaml.in/yaml v2.4 scannerc.go (scan_directive, scan_anchor, scan_tag and below), as in Kubernetes v1.36.3.
import { isAlpha, isBlank, isBlankOrEnd, isBreakOrEnd, isDigit, isHex } from './characters.ts';
import type { Cursor } from './cursor.ts';
import { type Mark, scannerProblem, type Token } from './token.ts';

const MAX_NUMBER_LENGTH = 2;
const URI = /[-0-9A-Za-z_;/?:@&=+$,.!~*'()[\]%]/;

export function scanAnchor(cursor: Cursor, type: 'anchor' | 'alias'): Token {
  const start = cursor.mark;
  cursor.skip();
  const value = letters(cursor);
  const isEnded = isBlankOrEnd(cursor.text, cursor.at) || '?:,]}%@`'.includes(cursor.peek());
  if (value === '' || !isEnded)
    throw scannerProblem('did not find expected alphabetic or numeric character', cursor.mark, start);
  return { type, start, end: cursor.mark, value };
}

function letters(cursor: Cursor): string {
  const from = cursor.at;
  cursor.skipWhile(isAlpha);
  return cursor.text.slice(from, cursor.at);
}

export function scanTag(cursor: Cursor): Token {
  const start = cursor.mark;
  let handle = '';
  let suffix: string;
  if (cursor.peek(1) === '<') {
    cursor.skip(2);
    suffix = tagUri(cursor, '', start);
    if (cursor.peek() !== '>') throw scannerProblem("did not find the expected '>'", cursor.mark, start);
    cursor.skip();
  } else {
    handle = tagHandle(cursor, false, start);
    if (handle.length > 1 && handle.endsWith('!')) suffix = tagUri(cursor, '', start);
    else {
      suffix = tagUri(cursor, handle, start);
      handle = '!';
      // A lone `!` is the tag itself.
      if (suffix === '') [handle, suffix] = ['', '!'];
    }
  }
  if (!isBlankOrEnd(cursor.text, cursor.at))
    throw scannerProblem('did not find expected whitespace or line break', cursor.mark, start);
  return { type: 'tag', start, end: cursor.mark, value: handle, suffix };
}

function tagHandle(cursor: Cursor, isDirective: boolean, start: Mark): string {
  const fail = () => scannerProblem("did not find expected '!'", cursor.mark, start);
  if (cursor.peek() !== '!') throw fail();
  let handle = cursor.read() + letters(cursor);
  if (cursor.peek() === '!') handle += cursor.read();
  else if (isDirective && handle !== '!') throw fail();
  return handle;
}

/** `head` is a handle that turned out to be the beginning of the tag. */
function tagUri(cursor: Cursor, head: string, start: Mark): string {
  let uri = head.slice(1);
  let isFound = head !== '';
  while (cursor.peek() !== '' && URI.test(cursor.peek())) {
    uri += cursor.peek() === '%' ? uriEscapes(cursor, start) : cursor.read();
    isFound = true;
  }
  if (!isFound) throw scannerProblem('did not find expected tag URI', cursor.mark, start);
  return uri;
}

/** One character that is written as escaped octets. */
function uriEscapes(cursor: Cursor, start: Mark): string {
  const octets: number[] = [];
  let width = 1;
  while (octets.length < width) {
    const { text, at } = cursor;
    if (text[at] !== '%' || !isHex(text, at + 1) || !isHex(text, at + 2))
      throw scannerProblem('did not find URI escaped octet', cursor.mark, start);
    const octet = Number.parseInt(text.slice(at + 1, at + 3), 16);
    if (octets.length === 0) {
      width = widthOf(octet);
      if (width === 0) throw scannerProblem('found an incorrect leading UTF-8 octet', cursor.mark, start);
    } else if ((octet & 0xc0) !== 0x80)
      throw scannerProblem('found an incorrect trailing UTF-8 octet', cursor.mark, start);
    octets.push(octet);
    cursor.skip(3);
  }
  return new TextDecoder().decode(Uint8Array.from(octets));
}

function widthOf(octet: number): number {
  if ((octet & 0x80) === 0) return 1;
  if ((octet & 0xe0) === 0xc0) return 2;
  if ((octet & 0xf0) === 0xe0) return 3;
  return (octet & 0xf8) === 0xf0 ? 4 : 0;
}

export function scanDirective(cursor: Cursor): Token {
  const start = cursor.mark;
  cursor.skip();
  const name = letters(cursor);
  if (name === '') throw scannerProblem('could not find expected directive name', cursor.mark, start);
  if (!isBlankOrEnd(cursor.text, cursor.at))
    throw scannerProblem('found unexpected non-alphabetical character', cursor.mark, start);
  let token: Token;
  if (name === 'YAML') token = versionDirective(cursor, start);
  else if (name === 'TAG') token = tagDirective(cursor, start);
  else throw scannerProblem('found unknown directive name', cursor.mark, start);
  cursor.skipWhile(isBlank);
  cursor.skipComment();
  if (!isBreakOrEnd(cursor.text, cursor.at))
    throw scannerProblem('did not find expected comment or line break', cursor.mark, start);
  cursor.readLine();
  return token;
}

function versionDirective(cursor: Cursor, start: Mark): Token {
  cursor.skipWhile(isBlank);
  const major = versionNumber(cursor, start);
  if (cursor.peek() !== '.') throw scannerProblem("did not find expected digit or '.' character", cursor.mark, start);
  cursor.skip();
  const value = `${major}.${versionNumber(cursor, start)}`;
  return { type: 'version-directive', start, end: cursor.mark, value };
}

function versionNumber(cursor: Cursor, start: Mark): number {
  let digits = '';
  while (isDigit(cursor.text, cursor.at)) {
    if (digits.length === MAX_NUMBER_LENGTH)
      throw scannerProblem('found extremely long version number', cursor.mark, start);
    digits += cursor.read();
  }
  if (digits === '') throw scannerProblem('did not find expected version number', cursor.mark, start);
  return Number(digits);
}

function tagDirective(cursor: Cursor, start: Mark): Token {
  cursor.skipWhile(isBlank);
  const value = tagHandle(cursor, true, start);
  if (!isBlank(cursor.text, cursor.at)) throw scannerProblem('did not find expected whitespace', cursor.mark, start);
  cursor.skipWhile(isBlank);
  const suffix = tagUri(cursor, '', start);
  if (!isBlankOrEnd(cursor.text, cursor.at))
    throw scannerProblem('did not find expected whitespace or line break', cursor.mark, start);
  return { type: 'tag-directive', start, end: cursor.mark, value, suffix };
}
