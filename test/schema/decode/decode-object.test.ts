import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type DecodeOptions, decodeObject } from '../../../src/schema/decode/decode-object.ts';
import { parseJson } from '../../../src/schema/decode/json-tree.ts';
import type { Pod } from '../../../src/schema/generated/types/core-v1.ts';

const test = suite('decode object');

function decode(typeId: string, text: string, options?: DecodeOptions) {
  const parsed = parseJson(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return decodeObject('1.36', typeId, parsed.tree, options);
}

function objectOf(typeId: string, text: string) {
  const decoded = decode(typeId, text);
  if (!decoded.ok) throw new Error(decoded.error);
  return decoded.object;
}

function errorOf(typeId: string, text: string): string {
  const decoded = decode(typeId, text);
  return decoded.ok ? `accepted ${decoded.strictErrors.join(', ')}` : decoded.error;
}

test("a value of the wrong type is named by Go's struct, path and type", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [
      'core/v1.Pod',
      '{"spec":{"containers":[{"image":5}]}}',
      'number into Go struct field Container.spec.containers.image of type string',
    ],
    [
      'core/v1.Pod',
      '{"spec":{"containers":{}}}',
      'object into Go struct field PodSpec.spec.containers of type []v1.Container',
    ],
    ['core/v1.Pod', '{"spec":[]}', 'array into Go struct field Pod.spec of type v1.PodSpec'],
    ['core/v1.Pod', '[]', 'array into Go value of type v1.Pod'],
    ['core/v1.Pod', '{"kind":1}', 'number into Go struct field Pod.TypeMeta.kind of type string'],
    [
      'core/v1.Pod',
      '{"metadata":{"labels":{"a":1}}}',
      'number into Go struct field ObjectMeta.metadata.labels of type string',
    ],
    [
      'core/v1.Pod',
      '{"spec":{"volumes":[{"hostPath":"x"}]}}',
      'string into Go struct field Volume.spec.volumes.VolumeSource.hostPath of type v1.HostPathVolumeSource',
    ],
    ['core/v1.Pod', '{"spec":{"priority":1.5}}', 'number 1.5 into Go struct field PodSpec.spec.priority of type int32'],
    ['core/v1.Pod', '{"spec":{"priority":1.0}}', 'number 1.0 into Go struct field PodSpec.spec.priority of type int32'],
    [
      'core/v1.Pod',
      '{"spec":{"priority":2147483648}}',
      'number 2147483648 into Go struct field PodSpec.spec.priority of type int32',
    ],
    [
      'core/v1.Pod',
      '{"spec":{"hostNetwork":"yes"}}',
      'string into Go struct field PodSpec.spec.hostNetwork of type bool',
    ],
    ['core/v1.Secret', '{"data":{"a":5}}', 'number into Go struct field Secret.data of type []uint8'],
    ['core/v1.ServicePort', '{"protocol":true}', 'bool into Go struct field ServicePort.protocol of type v1.Protocol'],
    [
      'core/v1.ServicePort',
      '{"targetPort":1.5}',
      'number 1.5 into Go struct field ServicePort.targetPort of type int32',
    ],
    [
      'core/v1.Pod',
      '{"metadata":{"creationTimestamp":5}}',
      'number into Go struct field ObjectMeta.metadata.creationTimestamp of type string',
    ],
  ];
  for (const [typeId, text, want] of cases) assert.is(errorOf(typeId, text), `json: cannot unmarshal ${want}`, text);
});

test('types that read themselves answer in their own words', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['core/v1.ResourceRequirements', '{"limits":{"cpu":"1mm"}}', "unable to parse quantity's suffix"],
    [
      'core/v1.ResourceRequirements',
      '{"limits":{"cpu":true}}',
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
    ['core/v1.Secret', '{"data":{"a":"abc"}}', 'illegal base64 data at input byte 0'],
    ['apiextensions/v1.JSONSchemaProps', '{"additionalProperties":5}', 'boolean or JSON schema expected'],
    [
      'apiextensions/v1.CustomResourceValidation',
      '{"openAPIV3Schema":{"items":{"type":1}}}',
      'json: cannot unmarshal number into Go struct field JSONSchemaProps.openAPIV3Schema.items.type of type string',
    ],
  ];
  for (const [typeId, text, want] of cases) assert.is(errorOf(typeId, text), want, text);
});

test('an error of a type that reads itself wins over an earlier mismatch', () => {
  assert.match(errorOf('core/v1.Pod', '{"spec":{"hostNetwork":1,"overhead":{"cpu":"x"}}}'), /^quantities must match/);
});

test('of several mismatches the first counts, in the order of the document or of the sorted keys', () => {
  const text = '{"spec":{"subdomain":1},"metadata":{"name":2}}';
  const error = (options: DecodeOptions) => {
    const decoded = decode('core/v1.Pod', text, options);
    return decoded.ok ? '' : decoded.error;
  };
  assert.match(error({}), /PodSpec\.spec\.subdomain/);
  assert.match(error({ keyOrder: 'sorted' }), /ObjectMeta\.metadata\.name/);
});

test('unknown and duplicate fields, in the order of the document', () => {
  const text =
    '{"metadata":{"name":"a","x":1,"x":2},"spec":{"containers":[{"name":"c","name":"d","Image":"k"}]},"Kind":"Pod","metadata":{}}';
  const decoded = decode('core/v1.Pod', text);
  assert.equal(decoded.ok && decoded.strictErrors, [
    'unknown field "metadata.x"',
    'duplicate field "spec.containers[0].name"',
    'unknown field "spec.containers[0].Image"',
    'unknown field "Kind"',
    'duplicate field "metadata"',
  ]);
});

test('map keys are in the path of a strict error, and duplicate keys of a map are found', () => {
  const decoded = decode('core/v1.ConfigMap', '{"data":{"a":"1","a":"2"}}');
  assert.equal(decoded.ok && decoded.strictErrors, ['duplicate field "data.a"']);
});

test('at most 100 strict errors', () => {
  const fields = Array.from({ length: 150 }, (_, i) => `"x${i}":1`);
  const decoded = decode('core/v1.ConfigMap', `{${fields.join(',')}}`);
  assert.is(decoded.ok && decoded.strictErrors.length, 100);
});

test('without strict checks nothing is collected', () => {
  const decoded = decode('core/v1.ConfigMap', '{"x":1,"data":{"a":"1","a":"2"}}', { strict: false });
  assert.equal(decoded, { ok: true, object: { metadata: {}, data: { a: '2' } }, strictErrors: [] });
});

test('what a duplicate field adds lands on top of what was there', () => {
  const text =
    '{"spec":{"hostname":"a","containers":[{"name":"c","image":"i"}]},"spec":{"subdomain":"b","containers":[{"image":"j"}]}}';
  const pod = objectOf('core/v1.Pod', text) as unknown as Pod;
  assert.is(pod.spec.hostname, 'a');
  assert.is(pod.spec.subdomain, 'b');
  assert.is(pod.spec.containers?.[0]?.name, 'c');
  assert.is(pod.spec.containers?.[0]?.image, 'j');
});

test('the object is as Go writes it: zero values, omissions, order, nulls', () => {
  const cases: readonly (readonly [string, string, unknown])[] = [
    ['core/v1.Pod', 'null', { metadata: {}, spec: {}, status: {} }],
    [
      'core/v1.Pod',
      '{"spec":{"containers":[null]}}',
      { metadata: {}, spec: { containers: [{ name: '', resources: {} }] }, status: {} },
    ],
    ['core/v1.Container', '{"args":[],"env":null,"image":"","stdin":false,"name":"c"}', { name: 'c', resources: {} }],
    ['core/v1.SecurityContext', '{"privileged":false,"capabilities":{}}', { capabilities: {}, privileged: false }],
    ['core/v1.ConfigMap', '{"data":{"b":null,"a":"x"}}', { metadata: {}, data: { a: 'x', b: '' } }],
    ['core/v1.ServicePort', '{"port":80}', { port: 80, targetPort: 0 }],
    ['rbac/v1.Role', '{"rules":[]}', { metadata: {}, rules: [] }],
    ['rbac/v1.Role', '{"rules":null}', { metadata: {} }],
    ['core/v1.ObjectMeta'.replace('core', 'meta'), '{"creationTimestamp":null}', {}],
    [
      'core/v1.PodCondition',
      '{"lastProbeTime":"2024-01-01T02:00:00+02:00"}',
      { type: '', status: '', lastProbeTime: '2024-01-01T00:00:00Z' },
    ],
    [
      'core/v1.ResourceRequirements',
      '{"limits":{"memory":"1024Mi","cpu":0.5}}',
      { limits: { cpu: '500m', memory: '1Gi' } },
    ],
    ['core/v1.Secret', '{"data":{"a":"YR=="}}', { metadata: {}, data: { a: 'YQ==' } }],
    ['apps/v1.ControllerRevision', '{"data":{"z":[1.0,null]}}', { metadata: {}, data: { z: [1, null] }, revision: 0 }],
  ];
  for (const [typeId, text, want] of cases) {
    const object = objectOf(typeId, text);
    assert.equal(object, want, text);
    assert.is(JSON.stringify(object), JSON.stringify(want), `order of ${text}`);
  }
});

test('an int64 beyond 2^53 keeps its digits', () => {
  const meta = objectOf('meta/v1.ObjectMeta', '{"generation":9223372036854775807}');
  assert.is(String(meta['generation']), '9223372036854775807');
});

test('a map key __proto__ does no harm', () => {
  const object = objectOf('core/v1.ConfigMap', '{"data":{"__proto__":null,"a":"b"}}');
  assert.is(Object.getPrototypeOf(object['data']), Object.prototype);
  assert.equal(Object.keys(object['data'] as object), ['__proto__', 'a']);
});

test('a field that a version does not have is unknown to it', () => {
  const parsed = parseJson('{"spec":{"workloadRef":{}}}');
  assert.ok(parsed.ok);
  const errors = (version: '1.35' | '1.36') => {
    const decoded = decodeObject(version, 'core/v1.Pod', parsed.tree);
    return decoded.ok ? decoded.strictErrors : undefined;
  };
  assert.equal(errors('1.35'), []);
  assert.equal(errors('1.36'), ['unknown field "spec.workloadRef"']);
});

test.run();
