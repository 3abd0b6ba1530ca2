import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { childOf, FieldPath, indexOf, keyOf, pathText } from '../../src/apimachinery/field-path.ts';

const paths = suite('FieldPath');

for (const { name, path, want } of [
  { name: 'a root alone', path: FieldPath.of('spec'), want: 'spec' },
  { name: 'several names at once', path: FieldPath.of('spec', 'template', 'spec'), want: 'spec.template.spec' },
  {
    name: 'an index after a field',
    path: FieldPath.of('spec').child('containers').index(0),
    want: 'spec.containers[0]',
  },
  {
    name: 'a key with dots and slashes as it is',
    path: FieldPath.of('spec').child('containers').index(0).child('env').key('a.b/c'),
    want: 'spec.containers[0].env[a.b/c]',
  },
  { name: 'a subscript right after the root', path: FieldPath.of('items').index(3).child('x'), want: 'items[3].x' },
  { name: 'child with several names', path: FieldPath.of('a').child('b', 'c'), want: 'a.b.c' },
  { name: 'an empty name is printed as an empty subscript', path: FieldPath.of('a').child(''), want: 'a[]' },
]) {
  paths(`${name} prints as ${want}`, () => assert.is(path.toString(), want));
}

paths('a path does not change when children are made of it', () => {
  const spec = FieldPath.of('spec');
  spec.child('replicas');
  assert.is(`${spec}`, 'spec');
});

paths('an absent path prints as upstream prints nil, and its children start anew', () => {
  assert.is(pathText(undefined), '<nil>');
  assert.is(childOf(undefined, 'key').toString(), 'key');
  assert.is(indexOf(undefined, 2).child('x').toString(), '[2].x');
  assert.is(keyOf(undefined, 'k').toString(), '[k]');
  assert.is(FieldPath.of('a', 'b').child('c').root().toString(), 'a');
});

paths.run();
