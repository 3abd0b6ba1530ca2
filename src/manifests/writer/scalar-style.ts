// How a text is to be written so that it is read back as it was.
// Behaviour: go.yaml.in/yaml v2.4.4 encode.go (stringv), resolve.go and emitterc.go (yaml_emitter_analyze_scalar), Kubernetes v1.36.3.

import { isBreak, isPrintable } from '../yaml/characters.ts';
import { resolvePlainScalar } from '../yaml-scalar.ts';

/** So many texts are known by heart. */
const REMEMBERED = 4096;

export type Style = 'plain' | 'single' | 'double' | 'literal';

/** What a text allows: the emitter's analysis of a scalar. */
interface Analysis {
  readonly multiline: boolean;
  readonly plain: boolean;
  readonly single: boolean;
  readonly block: boolean;
}

/** Names, images and times repeat from object to object. */
export const valueStyle = remembering((text) => styleOf(text, false));
export const keyStyle = remembering((text) => styleOf(text, true));

function remembering<T>(answer: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    let found = known.get(text);
    if (found === undefined) {
      if (known.size >= REMEMBERED) known.clear();
      known.set(text, (found = answer(text)));
    }
    return found;
  };
}

function styleOf(text: string, isKey: boolean): Style {
  const { multiline, plain, single, block } = analysisOf(text);
  let style: Style = text.includes('\n') ? 'literal' : mayBePlain(text) ? 'plain' : 'double';
  if (isKey && multiline) style = 'double';
  if (style === 'plain' && (!plain || (text === '' && isKey))) style = 'single';
  if (style === 'single' && !single) style = 'double';
  if (style === 'literal' && (!block || isKey)) style = 'double';
  return style;
}

const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;

/** Whether the text, written without quotes, would be read as the same text. */
function mayBePlain(text: string): boolean {
  return resolvePlainScalar(text) === text && !BASE_60.test(text) && !isTimestamp(text);
}

const TIMESTAMP =
  /^\d{4}-(\d{1,2})-(\d{1,2})(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(?:Z|[-+]\d{2}:\d{2})| (\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?)?$/;

function isTimestamp(text: string): boolean {
  const match = TIMESTAMP.exec(text);
  if (!match) return false;
  const [month = 0, day = 0, ...clock] = match.slice(1).map((part) => (part === undefined ? undefined : Number(part)));
  const [hour = 0, minute = 0, second = 0] = clock.filter((part) => part !== undefined);
  const daysInMonth = new Date(Date.UTC(Number(text.slice(0, 4)), month, 0)).getUTCDate();
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth && hour < 24 && minute < 60 && second < 60;
}

const LEADING_INDICATORS = '#,[]{}&*!|>\'"%@`';

function analysisOf(text: string): Analysis {
  if (text === '') return { multiline: false, plain: true, single: true, block: false };
  let hasIndicators = text.startsWith('---') || text.startsWith('...');
  let isSpecial = false;
  let breakSpace = false;
  let spaceBreak = false;
  let previous: 'space' | 'break' | 'other' = 'other';
  let afterBlank = true;
  const chars = [...text];
  for (const [i, char] of chars.entries()) {
    const next = chars[i + 1];
    const beforeBlank = next === undefined || next === ' ' || next === '\t';
    if (i === 0) {
      if (LEADING_INDICATORS.includes(char) || ('?:-'.includes(char) && beforeBlank)) hasIndicators = true;
    } else if ((char === ':' && beforeBlank) || (char === '#' && afterBlank)) hasIndicators = true;
    if (!isPrintable(char, 0)) isSpecial = true;
    if (char === ' ') {
      if (previous === 'break') breakSpace = true;
      previous = 'space';
    } else if (isBreak(char, 0)) {
      if (previous === 'space') spaceBreak = true;
      previous = 'break';
    } else previous = 'other';
    afterBlank = char === ' ' || char === '\t' || isBreak(char, 0) || char === '\0';
  }
  const [first, last] = [chars[0] ?? '', chars.at(-1) ?? ''];
  const hasEdges = first === ' ' || last === ' ' || isBreak(first, 0) || isBreak(last, 0);
  const multiline = chars.some((char) => isBreak(char, 0));
  const isOdd = spaceBreak || isSpecial;
  return {
    multiline,
    plain: !hasEdges && !breakSpace && !isOdd && !multiline && !hasIndicators,
    single: !breakSpace && !isOdd,
    block: last !== ' ' && !isOdd,
  };
}
