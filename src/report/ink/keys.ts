// From Ink's key presses to ours; pasted text arrives as one press and is taken letter by letter.
import type { Key as InkKey } from 'ink';
import type { Key } from './view-state.ts';

export function keyOf(input: string, key: InkKey): readonly Key[] {
  if (key.ctrl && input === 'c') return ['interrupt'];
  if (key.upArrow) return ['up'];
  if (key.downArrow) return ['down'];
  if (key.leftArrow) return ['left'];
  if (key.rightArrow) return ['right'];
  if (key.pageUp) return ['pageUp'];
  if (key.pageDown) return ['pageDown'];
  if (key.home) return ['top'];
  if (key.end) return ['bottom'];
  if (key.return) return ['enter'];
  if (key.escape) return ['escape'];
  if (key.tab) return [key.shift ? 'shiftTab' : 'tab'];
  if (key.backspace || key.delete) return ['backspace'];
  if (key.ctrl || key.meta) return [];
  return [...input].flatMap((letter): Key[] => {
    if (letter === '\r' || letter === '\n') return ['enter'];
    return letter >= ' ' ? [{ text: letter }] : [];
  });
}
