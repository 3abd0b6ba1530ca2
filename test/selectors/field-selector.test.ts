import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { escapeValue, parseFieldSelector, unescapeValue } from '../../src/selectors/field-selector.ts';

const selectors = suite('field selectors');

for (const { text, want } of [
  { text: '', want: '' },
  { text: 'metadata.name=web', want: 'metadata.name=web' },
  { text: 'b==2,a!=1', want: 'a!=1,b=2' },
  { text: 'a=', want: 'a=' },
  { text: ',a=1,', want: 'a=1' },
  { text: 'a=x\\,y\\=z\\\\', want: 'a=x\\,y\\=z\\\\' },
  { text: '=', want: '' },
]) {
  selectors(`"${text}" reads as "${want}"`, () => {
    const parsed = parseFieldSelector(text);
    assert.is(parsed.ok ? parsed.value.toString() : parsed.error, want);
  });
}

for (const { text, error } of [
  { text: 'a', error: "invalid selector: 'a'; can't understand 'a'" },
  { text: 'b=1,a', error: "invalid selector: 'b=1,a'; can't understand 'a'" },
  { text: 'a=b=c', error: 'invalid field selector: unescaped character in value: 61' },
  { text: 'a=b\\c', error: 'invalid field selector: invalid escape sequence: \\c' },
  { text: 'a=b\\', error: 'invalid field selector: invalid escape sequence: \\' },
]) {
  selectors(`"${text}" is refused`, () => assert.equal(parseFieldSelector(text), { ok: false, error }));
}

for (const { text, want } of [
  { text: 'metadata.name=web', want: true },
  { text: 'metadata.name!=web', want: false },
  { text: 'spec.nodeName=', want: true },
  { text: 'spec.nodeName!=', want: false },
  { text: 'metadata.name=web,spec.nodeName=n1', want: false },
]) {
  selectors(`a pod named web without a node ${want ? 'matches' : 'does not match'} "${text}"`, () => {
    const parsed = parseFieldSelector(text);
    assert.is(parsed.ok && parsed.value.matches({ 'metadata.name': 'web' }), want);
  });
}

selectors('any value survives escaping', () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      assert.equal(unescapeValue(escapeValue(value)), { ok: true, value });
      const parsed = parseFieldSelector(`f=${escapeValue(value)}`);
      assert.ok(parsed.ok && parsed.value.matches({ f: value }));
    }),
  );
});

selectors.run();
