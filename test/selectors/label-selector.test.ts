import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  addRequirements,
  compileLabelSelector,
  everything,
  formatLabelSelector,
  formatLabels,
  type LabelSelector,
  labelSelectorAsSelector,
  nothing,
  parseSelector,
  parseToLabelSelector,
  type Selector,
  selectorFromSet,
} from '../../src/selectors/label-selector.ts';
import { newRequirement, Requirement } from '../../src/selectors/requirement.ts';

function must(text: string): Selector {
  const parsed = parseSelector(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

const parsing = suite('label selector text');

for (const { text, want } of [
  { text: '', want: '' },
  { text: 'x=a,y=b,z=c', want: 'x=a,y=b,z=c' },
  { text: 'z = c , x==a', want: 'x==a,z=c' },
  { text: 'name=redis-slave,env!=production', want: 'env!=production,name=redis-slave' },
  { text: 'x in (b,a,b)', want: 'x in (a,b)' },
  { text: 'x notin (a)', want: 'x notin (a)' },
  { text: 'x in ()', want: 'x in ()' },
  { text: 'x in (,)', want: 'x in ()' },
  { text: 'x in (a,,b)', want: 'x in (,a,b)' },
  { text: 'x,!y', want: 'x,!y' },
  { text: 'x>1,y<5', want: 'x>1,y<5' },
  { text: 'x=', want: 'x=' },
  { text: 'x=,z=a', want: 'x=,z=a' },
  { text: 'in=notin', want: 'in=notin' },
  { text: 'x=in', want: 'x=in' },
  { text: '\tx\n=\ra', want: 'x=a' },
  { text: 'a.io/x in (a)', want: 'a.io/x in (a)' },
]) {
  parsing(`"${text}" reads as "${want}"`, () => assert.is(must(text).toString(), want));
}

const KEY_RULE =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

for (const { text, error } of [
  {
    text: 'x=a||y=b',
    error: `unable to parse requirement: values[0][x]: Invalid value: "a||y": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
  },
  { text: 'x==a==b', error: "found '==', expected: ',' or 'end of string'" },
  { text: '!x=a', error: "found '=', expected: ',' or 'end of string'" },
  {
    text: 'x<a',
    error: `unable to parse requirement: values[0]: Invalid value: "a": for 'Gt', 'Lt' operators, the value must be an integer`,
  },
  { text: ',', error: "found ',', expected: !, identifier, or 'end of string'" },
  { text: 'x,', error: "found '', expected: identifier after ','" },
  { text: '!', error: "unable to parse requirement: found '', expected: identifier" },
  { text: 'x a', error: "unable to parse requirement: found 'a', expected: in, notin, =, ==, !=, gt, lt" },
  { text: 'x in a', error: "unable to parse requirement: found 'a' expected: '('" },
  { text: 'x in (a', error: "unable to parse requirement: found '', expected: ',' or ')'" },
  { text: 'x in (', error: "unable to parse requirement: found '', expected: ',', ')' or identifier" },
  { text: 'x notin (a,=)', error: "unable to parse requirement: found '=', expected: ',', or identifier" },
  { text: 'x=(', error: "unable to parse requirement: found '(', expected: identifier" },
  { text: '-=a', error: `unable to parse requirement: <nil>: Invalid value: "-": ${KEY_RULE}` },
]) {
  parsing(`"${text}" is refused as upstream refuses it`, () => {
    assert.equal(parseSelector(text), { ok: false, error });
  });
}
parsing.run();

const matching = suite('label selector matching');
const labels = { app: 'web', tier: 'front', replicas: '3', empty: '' };

for (const { text, want } of [
  { text: '', want: true },
  { text: 'app=web', want: true },
  { text: 'app=db', want: false },
  { text: 'app=web,tier=back', want: false },
  { text: 'app!=web', want: false },
  { text: 'zone!=a', want: true },
  { text: 'app in (web,db)', want: true },
  { text: 'zone in (a)', want: false },
  { text: 'zone notin (a)', want: true },
  { text: 'app notin (web)', want: false },
  { text: 'app', want: true },
  { text: '!app', want: false },
  { text: '!zone', want: true },
  { text: 'empty=', want: true },
  { text: 'zone=', want: false },
  { text: 'replicas>2', want: true },
  { text: 'replicas<3', want: false },
  { text: 'app>2', want: false },
  { text: 'zone>2', want: false },
  { text: 'app in (a,b,c,d,e,web)', want: true },
  // Names of what every JavaScript object inherits.
  { text: 'toString', want: false },
  { text: '!constructor', want: true },
]) {
  matching(`${JSON.stringify(labels)} ${want ? 'match' : 'do not match'} "${text}"`, () => {
    assert.is(must(text).matches(labels), want);
  });
}

matching('no labels are the same as empty ones', () => {
  assert.is(must('a').matches(undefined), false);
  assert.is(must('!a').matches(undefined), true);
});
matching.run();

const api = suite('LabelSelector of the API');

api('an absent selector matches nothing, an empty one everything', () => {
  assert.is(compileLabelSelector(undefined).matches(labels), false);
  assert.is(compileLabelSelector(undefined).isEmpty(), false);
  assert.is(compileLabelSelector({}).matches(labels), true);
  assert.is(compileLabelSelector({ matchLabels: {}, matchExpressions: [] }).isEmpty(), true);
  assert.is(nothing().matches({}), false);
  assert.is(everything().matches(undefined), true);
});

const made: { selector: LabelSelector; want: string }[] = [
  { selector: { matchLabels: { b: '1', a: '2' } }, want: 'a=2,b=1' },
  { selector: { matchExpressions: [{ key: 'a', operator: 'In', values: ['y', 'x'] }] }, want: 'a in (x,y)' },
  {
    selector: {
      matchLabels: { b: '1' },
      matchExpressions: [
        { key: 'a', operator: 'Exists' },
        { key: 'c', operator: 'DoesNotExist' },
      ],
    },
    want: 'a,b=1,!c',
  },
  {
    selector: { matchExpressions: [{ key: 'a', operator: 'Gt', values: ['1'] }] },
    want: '"Gt" is not a valid label selector operator',
  },
  {
    selector: { matchExpressions: [{ key: 'a', operator: 'In', values: [] }] },
    want: "values: Invalid value: null: for 'in', 'notin' operators, values set can't be empty",
  },
  {
    selector: { matchExpressions: [{ key: 'a', operator: 'Exists', values: ['x'] }] },
    want: 'values: Invalid value: ["x"]: values set must be empty for exists and does not exist',
  },
];
for (const { selector, want } of made) {
  api(`${JSON.stringify(selector)} is ${want}`, () => {
    const parsed = labelSelectorAsSelector(selector);
    assert.is(parsed.ok ? parsed.value.toString() : parsed.error, want);
  });
}

api('a selector is compiled once', () => {
  const selector = { matchLabels: { a: 'b' } };
  assert.is(compileLabelSelector(selector), compileLabelSelector(selector));
});

api('the text form becomes an API selector', () => {
  assert.equal(parseToLabelSelector('a=b,c in (e,d),!f'), {
    ok: true,
    value: {
      matchLabels: { a: 'b' },
      matchExpressions: [
        { key: 'c', operator: 'In', values: ['d', 'e'] },
        { key: 'f', operator: 'DoesNotExist', values: [] },
      ],
    },
  });
  assert.equal(parseToLabelSelector('a!=b'), {
    ok: false,
    error: '"!=" is not a valid label selector operator',
  });
  assert.equal(parseToLabelSelector('a>1'), { ok: false, error: `"gt" isn't supported in label selectors` });
});

api('selectors and labels are printed for tables', () => {
  assert.is(formatLabelSelector({ matchLabels: { a: 'b' } }), 'a=b');
  assert.is(formatLabelSelector({}), '<none>');
  assert.is(formatLabels({ b: '1', a: '2' }), 'a=2,b=1');
  assert.is(formatLabels(undefined), '<none>');
});

api('requirements can be added', () => {
  const more = [new Requirement('a', 'exists', [])];
  assert.is(addRequirements(selectorFromSet({ b: '1' }), more).toString(), 'a,b=1');
  assert.is(addRequirements(nothing(), more).selectable, false);
});

api('a requirement must fit its operator', () => {
  const result = newRequirement('', '=', ['a', 'b']);
  assert.is(result.ok, false);
  assert.is(newRequirement('a', 'gt', ['x']).ok, false);
  assert.is(newRequirement('a', 'gt', ['9223372036854775808']).ok, false);
  assert.is(newRequirement('a', '!', []).ok, true);
});
api.run();

const laws = suite('label selector laws');

const key = fc.constantFrom('a', 'b', 'c', 'x.io/d', 'in');
const value = fc.constantFrom('', 'a', 'b', '1', '2', '10', 'in', 'v-1');
const requirement = fc.oneof(
  fc.tuple(key, fc.constantFrom('=', '==', '!='), value).map(([k, op, v]) => `${k}${op}${v}`),
  fc
    .tuple(key, fc.constantFrom('in', 'notin'), fc.array(value, { minLength: 1, maxLength: 6 }))
    .map(([k, op, vs]) => `${k} ${op} (${vs.join(',')})`),
  key,
  key.map((k) => `!${k}`),
  fc.tuple(key, fc.constantFrom('>', '<'), fc.nat()).map(([k, op, n]) => `${k}${op}${n}`),
);
const selector = fc.array(requirement, { maxLength: 5 }).map((list) => list.join(','));
const someLabels = fc.dictionary(key, value);

laws('what is printed reads back as the same selector', () => {
  fc.assert(
    fc.property(selector, (text) => {
      const printed = must(text).toString();
      assert.is(must(printed).toString(), printed);
    }),
  );
});

function naive(text: string, set: Readonly<Record<string, string>>): boolean {
  const match = /^(!?)([^=!<>() ]+?)(?: ?(==|=|!=|in|notin|>|<) ?(.*))?$/.exec(text);
  const [, not, name = '', op, right = ''] = match ?? [];
  const has = Object.keys(set).includes(name);
  const values = right.replace(/[()]/g, '').split(',');
  if (not) return !has;
  if (op === undefined) return has;
  if (op === '!=' || op === 'notin') return !has || !values.includes(set[name]!);
  if (op === '>' || op === '<') {
    if (!has || !/^[-+]?[0-9]+$/.test(set[name]!)) return false;
    return op === '>' ? Number(set[name]) > Number(right) : Number(set[name]) < Number(right);
  }
  return has && values.includes(set[name]!);
}

laws('a selector matches when every requirement read alone does', () => {
  fc.assert(
    fc.property(fc.array(requirement, { maxLength: 5 }), someLabels, (list, set) => {
      assert.is(
        must(list.join(',')).matches(set),
        list.every((one) => naive(one, set)),
      );
    }),
    { numRuns: 500 },
  );
});

laws('the API form and the text form select the same', () => {
  fc.assert(
    fc.property(selector, someLabels, (text, set) => {
      const parsed = parseToLabelSelector(text);
      if (!parsed.ok) return;
      const duplicates = new Set(must(text).requirements.map((r) => r.key)).size < must(text).requirements.length;
      if (!duplicates) assert.is(compileLabelSelector(parsed.value).matches(set), must(text).matches(set));
    }),
  );
});

laws.run();
