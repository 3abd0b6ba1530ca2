import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FieldPath } from '../../src/apimachinery/field-path.ts';
import {
  CompiledNodeSelector,
  compileNodeSelector,
  type NodeSelectorTerm,
  PreferredSchedulingTerms,
  RequiredNodeAffinity,
} from '../../src/selectors/node-selector.ts';

const terms = suite('node selector terms');
const node = { metadata: { name: 'n1', labels: { zone: 'a', cores: '8', gpu: '' } } };

const zoneA = { key: 'zone', operator: 'In', values: ['a', 'b'] };
const zoneC = { key: 'zone', operator: 'In', values: ['c'] };
const broken = { key: 'zone', operator: 'Like', values: ['a'] };
const named = (...values: string[]) => ({ key: 'metadata.name', operator: 'In', values });

const cases: { name: string; terms: NodeSelectorTerm[]; want: boolean; error?: string }[] = [
  { name: 'no terms', terms: [], want: false },
  { name: 'an empty term', terms: [{}], want: false },
  { name: 'a label that matches', terms: [{ matchExpressions: [zoneA] }], want: true },
  { name: 'one of two terms', terms: [{ matchExpressions: [zoneC] }, { matchExpressions: [zoneA] }], want: true },
  { name: 'both conditions of a term', terms: [{ matchExpressions: [zoneA, zoneC] }], want: false },
  { name: 'Gt', terms: [{ matchExpressions: [{ key: 'cores', operator: 'Gt', values: ['7'] }] }], want: true },
  { name: 'Lt', terms: [{ matchExpressions: [{ key: 'cores', operator: 'Lt', values: ['8'] }] }], want: false },
  {
    name: 'Gt of a text',
    terms: [{ matchExpressions: [{ key: 'zone', operator: 'Gt', values: ['1'] }] }],
    want: false,
  },
  { name: 'Exists', terms: [{ matchExpressions: [{ key: 'gpu', operator: 'Exists' }] }], want: true },
  { name: 'DoesNotExist', terms: [{ matchExpressions: [{ key: 'gpu', operator: 'DoesNotExist' }] }], want: false },
  {
    name: 'NotIn of an absent label',
    terms: [{ matchExpressions: [{ key: 'x', operator: 'NotIn', values: ['y'] }] }],
    want: true,
  },
  { name: 'the name', terms: [{ matchFields: [named('n1')] }], want: true },
  { name: 'another name', terms: [{ matchFields: [named('n2')] }], want: false },
  { name: 'name and label', terms: [{ matchFields: [named('n1')], matchExpressions: [zoneC] }], want: false },
  {
    name: 'an unreadable term alone',
    terms: [{ matchExpressions: [broken] }],
    want: false,
    error:
      'nodeSelectorTerms[0].matchExpressions[0].operator: Unsupported value: "Like": supported values: "In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"',
  },
  {
    name: 'an unreadable term besides one that matches',
    terms: [{ matchExpressions: [broken] }, { matchExpressions: [zoneA] }],
    want: true,
  },
  {
    name: 'two names at once',
    terms: [{ matchFields: [named('n1', 'n2')] }],
    want: false,
    error: 'nodeSelectorTerms[0].matchFields[0].values: Invalid value: ["n1","n2"]: must have one element',
  },
  {
    name: 'Gt with a word',
    terms: [{ matchExpressions: [{ key: 'cores', operator: 'Gt', values: ['x'] }] }],
    want: false,
    error:
      "nodeSelectorTerms[0].matchExpressions[0].values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer",
  },
];

for (const { name, terms: nodeSelectorTerms, want, error } of cases) {
  terms(`${name}: ${want ? 'matches' : 'does not match'}`, () => {
    const match = new CompiledNodeSelector({ nodeSelectorTerms }).match(node);
    assert.is(match.matches, want);
    assert.is(match.error, error);
  });
}

terms('a node without a name is not judged by fields', () => {
  const selector = new CompiledNodeSelector({ nodeSelectorTerms: [{ matchFields: [named('n2')] }] });
  assert.is(selector.matches({ metadata: {} }), true);
});

terms('the path of the field comes before the term', () => {
  const selector = { nodeSelectorTerms: [{ matchExpressions: [broken] }] };
  assert.match(new CompiledNodeSelector(selector, FieldPath.of('spec')).error!, /^spec\.nodeSelectorTerms\[0\]/);
  assert.is(compileNodeSelector(selector), compileNodeSelector(selector));
});

terms.run();

const preferred = suite('preferred scheduling terms');

preferred('the weights of matching terms add up', () => {
  const scored = new PreferredSchedulingTerms([
    { weight: 5, preference: { matchExpressions: [zoneA] } },
    { weight: 7, preference: { matchExpressions: [zoneC] } },
    { weight: 11, preference: { matchFields: [named('n1')] } },
    { weight: 0, preference: { matchExpressions: [broken] } },
    { weight: 13, preference: {} },
  ]);
  assert.is(scored.error, undefined);
  assert.is(scored.score(node), 16);
  assert.is(new PreferredSchedulingTerms([]).isEmpty(), true);
});

preferred('an unreadable term is an error', () => {
  const scored = new PreferredSchedulingTerms([{ weight: 1, preference: { matchExpressions: [broken] } }]);
  assert.match(scored.error!, /^\[0\]\.matchExpressions\[0\]\.operator: Unsupported value: "Like"/);
});

preferred.run();

const required = suite('required node affinity');

for (const { name, spec, want } of [
  { name: 'nothing asked for', spec: {}, want: true },
  { name: 'an empty nodeSelector', spec: { nodeSelector: {} }, want: true },
  { name: 'a nodeSelector that matches', spec: { nodeSelector: { zone: 'a' } }, want: true },
  { name: 'a nodeSelector that does not', spec: { nodeSelector: { zone: 'b' } }, want: false },
  {
    name: 'a nodeSelector that matches and an affinity that does not',
    spec: {
      nodeSelector: { zone: 'a' },
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [zoneC] }] },
        },
      },
    },
    want: false,
  },
]) {
  required(`${name}: ${want ? 'fits' : 'does not fit'}`, () => {
    assert.is(new RequiredNodeAffinity({ spec }).matches(node), want);
  });
}

required.run();
