import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { executeTemplate } from '../../../src/report/kubectl/go-template/execute.ts';
import { TemplateError } from '../../../src/report/kubectl/go-template/template-error.ts';
import { readTemplate, templateText } from '../../../src/report/kubectl/go-template/template-output.ts';

const DATA = {
  kind: 'Pod',
  metadata: { name: 'web', labels: { app: 'x', 'a.b/c': 'd' }, n: null },
  spec: { replicas: 3, f: 1.5, big: 1234567890123, on: true, e: [], list: [{ n: 'a', v: 1 }, { n: 'b' }], b64: 'aGk=' },
};

/** What Go's text/template prints of the same. */
const printed: readonly (readonly [string, string])[] = [
  ['{{.metadata.name}}', 'web'],
  ['{{.metadata.nope.deeper}}', '<no value>'],
  ['{{.spec.list}}', '[map[n:a v:1] map[n:b]]'],
  ['{{.spec.big}} {{.spec.f}}', '1234567890123 1.5'],
  ['{{range $i, $e := .spec.list}}{{if $i}},{{end}}{{$e.n}}{{end}}', 'a,b'],
  ['{{range $k, $v := .metadata.labels}}{{$k}}={{$v}};{{end}}', 'a.b/c=d;app=x;'],
  ['{{range .spec.e}}x{{else}}none{{end}}', 'none'],
  ['{{range 3}}{{.}}{{end}}', '012'],
  ['{{range .spec.list}}{{if eq .n "b"}}{{break}}{{end}}{{.n}}{{end}}', 'a'],
  ['{{if and (eq .kind "Pod") (not .spec.nope)}}ok{{end}}', 'ok'],
  ['{{with .nope}}a{{else with .spec.f}}{{.}}{{end}}', '1.5'],
  ['{{$x := 1}}{{if true}}{{$x = 2}}{{end}}{{$x}}', '2'],
  ['{{define "t"}}[{{.}}]{{end}}{{template "t" .metadata.name}}', '[web]'],
  ['a {{- 1 -}} b', 'a1b'],
  ['{{index .metadata.labels "a.b/c"}} {{len .spec.list}}', 'd 2'],
  ['{{slice .metadata.name 1}}', 'eb'],
  ['{{printf "%s-%03d %5.2f|%-4s|%q" .metadata.name 7 .spec.f "a" "b"}}', 'web-007  1.50|a   |"b"'],
  ['{{printf "%d %s" .metadata.name}}', '%!d(string=web) %!s(MISSING)'],
  ['{{printf "a" 1}}', 'a%!(EXTRA int=1)'],
  ['{{print 1 2 "a" "b" 3 4}}', '1 2ab3 4'],
  ['{{html "<a>&"}} {{js "it\'s"}} {{urlquery "a b&"}}', "&lt;a&gt;&amp; it\\'s a+b%26"],
  ['{{.spec.b64 | base64decode}}', 'hi'],
  ['{{exists .spec "f"}} {{exists .spec.list 9}}', 'true false'],
  ["{{1e3}} {{0x1F}} {{1.0}} {{'a'}}", '1000 31 1 97'],
  [
    '{{1i}} {{1.5-2i}} {{1e6+1e-7i}} {{printf "%.1f %T" 2+3i 2i}}',
    '(0+1i) (1.5-2i) (1e+06+1e-07i) (2.0+3.0i) complex128',
  ],
  ['{{if 0i}}a{{else}}b{{end}} {{eq 1i 1i}} {{eq 1i 2i}}', 'b true false'],
  ['{{0x1p-2}} {{0x1.8p1}} {{1_0.5}}', '0.25 3 10.5'],
  ['{{printf "%5.2f" 1}}', '%!f(int=   01)'],
];
const template = suite('go-template');
for (const [text, expected] of printed)
  template(`${text} prints ${expected}`, () => {
    assert.equal(executeTemplate(readTemplate(text), DATA, false), { text: expected });
  });

const failing: readonly (readonly [string, string])[] = [
  ['{{.metadata.name.x}}', "<.metadata.name.x>: can't evaluate field x in type interface {}"],
  ['{{.metadata.n.x}}', '<.metadata.n.x>: nil pointer evaluating interface {}.x'],
  [
    '{{eq .metadata.name 1}}',
    '<eq .metadata.name 1>: error calling eq: incompatible types for comparison: string and int',
  ],
  ['{{lt 1i 2i}}', '<lt 1i 2i>: error calling lt: invalid type for comparison'],
  ['{{index .spec.list 9}}', '<index .spec.list 9>: error calling index: index out of range: 9'],
  ['{{range .metadata.name}}{{end}}', "<.metadata.name>: range can't iterate over web"],
  ['{{len .nope}}', '<len .nope>: error calling len: reflect: call of reflect.Value.Type on zero Value'],
  ['{{template "zz" .}}', '<{{template "zz" .}}>: template "zz" not defined'],
];
for (const [text, expected] of failing)
  template(`${text} fails as in Go`, () => {
    const { error = '' } = executeTemplate(readTemplate(text), DATA, false);
    assert.ok(error.endsWith(expected), error);
  });

const unreadable: readonly (readonly [string, string])[] = [
  ['{{if .x}}', 'template: output:1: unexpected EOF'],
  ['{{.x', 'template: output:1: unclosed action'],
  ['{{foo .x}}', 'template: output:1: function "foo" not defined'],
  ['{{$x}}', 'template: output:1: undefined variable "$x"'],
  ['{{"abc}}', 'template: output:1: unterminated quoted string'],
  ['{{.x | 3}}', 'template: output:1: non executable command in pipeline stage 2'],
  ['a\n{{end}}', 'template: output:2: unexpected {{end}}'],
  ['{{else}}', 'template: output:1: unexpected {{else}}'],
  ['{{|}}', 'template: output:1: unexpected "|" in command'],
];
for (const [text, expected] of unreadable)
  template(`${JSON.stringify(text)} cannot be read`, () => {
    assert.throws(
      () => readTemplate(text),
      (error: unknown) => {
        assert.instance(error, TemplateError);
        assert.is((error as Error).message, expected);
        return true;
      },
    );
  });
template('a missing key is an error where keys are asked for strictly', () => {
  const { error } = executeTemplate(readTemplate('{{.nope}}'), DATA, true);
  assert.match(error ?? '', /map has no entry for key "nope"$/);
});
template('what failed is printed with what the template was given', () => {
  const { text, error } = templateText(readTemplate('a{{.x.y}}'), { x: 'b' }, true);
  assert.match(
    text,
    /^aError executing template: .*\n\ttemplate was:\n\t\ta\{\{\.x\.y\}\}\n\traw data was:\n\t\t\{"x":"b"\}\n/,
  );
  assert.match(error ?? '', /^error executing template "a\{\{\.x\.y\}\}": template: output:1:5: /);
});
template.run();
