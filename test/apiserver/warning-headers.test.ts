import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { warningHeaders } from '../../src/apiserver/warning-headers.ts';

const headers = suite('warning headers');

headers('each text comes once, and none that no header can carry', () => {
  assert.equal(warningHeaders(['a', 'b', 'a', '', 'line\nbreak', 'tab\t']), ['a', 'b']);
});
headers('texts of 4096 characters together come whole', () => {
  const texts = Array.from({ length: 4 }, (_, i) => `${i}`.repeat(1024));
  assert.equal(warningHeaders(texts), texts);
});
headers('of more than 4096 characters each is cut to 256', () => {
  const texts = ['a', 'b', 'c', 'd', 'e'].map((letter) => letter.repeat(1000));
  assert.equal(
    warningHeaders(texts),
    texts.map((text) => text.slice(0, 256)),
  );
});
headers('cut texts end when 4096 characters are written', () => {
  const texts = Array.from({ length: 40 }, (_, i) => `${i}:`.padEnd(300, 'x'));
  assert.is(warningHeaders(texts).length, 16);
});
headers('a character outside the basic plane counts once', () => {
  assert.equal(warningHeaders(['😀'.repeat(4096)]), ['😀'.repeat(4096)]);
});
headers.run();
