// Decoding with shared values gives what decoding each object alone gives.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeObject } from '../../../src/schema/decode/decode-object.ts';
import { givenEmpty } from '../../../src/schema/decode/given-empty.ts';
import { isEqualJson, SharedValues } from '../../../src/schema/decode/shared-values.ts';
import type { Pod } from '../../../src/schema/generated/types/core-v1.ts';

const decode = (value: unknown, shared?: SharedValues) =>
  decodeObject<Pod>('1.36', 'core/v1.Pod', { value, ...(shared ? { shared } : {}) }, { strict: false });
const pod = (name: string, containers: unknown, more: Record<string, unknown> = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers, ...more },
});
const app = () => [{ image: 'app:1', name: 'app', resources: { requests: { memory: '1024Mi', cpu: '1000m' } } }];

const sharing = suite('shared values');

sharing('pods of one template share their containers', () => {
  const shared = new SharedValues();
  const [a, b, other] = [pod('a', app()), pod('b', app()), pod('c', [{ name: 'app', image: 'app:2' }])].map((value) =>
    decode(value, shared),
  );
  assert.ok(a?.ok && b?.ok && other?.ok);
  assert.is(a.object.spec.containers, b.object.spec.containers);
  assert.equal(a.object.spec.containers![0]!.resources.requests, { cpu: '1', memory: '1Gi' });
  assert.is(other.object.spec.containers![0]!.image, 'app:2');
});

sharing('pods of one template share their labels, those of another do not', () => {
  const shared = new SharedValues();
  const [a, b, other] = ['x', 'x', 'y'].map((app) =>
    decode({ ...pod(app, []), metadata: { name: app, labels: { app } } }, shared),
  );
  assert.ok(a?.ok && b?.ok && other?.ok);
  assert.is(a.object.metadata.labels, b.object.metadata.labels);
  assert.equal(other.object.metadata.labels, { app: 'y' });
});

sharing('what was given empty stays known of each object', () => {
  const shared = new SharedValues();
  for (const name of ['a', 'b']) {
    const decoded = decode(pod(name, [{ name: 'app', env: [] }]), shared);
    assert.ok(decoded.ok);
    assert.equal(givenEmpty(decoded.object.spec.containers![0]!, 'env'), []);
  }
});

sharing('an error is told of each object that has it', () => {
  const shared = new SharedValues();
  for (const name of ['a', 'b'])
    assert.equal(decode(pod(name, [{ name: 1 }]), shared), decode(pod(name, [{ name: 1 }])));
});

sharing('the same value is one object from its third time on, which nobody can write to', () => {
  const shared = new SharedValues();
  const probe = { httpGet: { path: '/', port: 80 } };
  const probes = [1, 2, 3, 4].map((number) => {
    const decoded = decode(pod('a', [{ name: `app-${number}`, livenessProbe: probe }]), shared);
    assert.ok(decoded.ok);
    return decoded.object.spec.containers![0]!.livenessProbe!;
  });
  // The first one belongs to its object alone: it may be filled in.
  assert.equal(probes.map(Object.isFrozen), [false, true, true, true]);
  assert.ok(probes.slice(1).every((each) => each === probes[1]));
  assert.equal(probes[0], probes[1]);
});

sharing('objects of one metadata have each their own', () => {
  const shared = new SharedValues();
  const metadata = { name: 'a' };
  const names = ['x', 'y', 'z'].map((uid) => {
    const decoded = decode({ ...pod('a', []), metadata }, shared);
    assert.ok(decoded.ok);
    const own = decoded.object.metadata as { uid?: string };
    if (Object.isExtensible(own)) own.uid = uid;
    return own.uid;
  });
  assert.equal(names, ['x', undefined, undefined]);
});

sharing('values that come seldom do not drive out those that come again and again', () => {
  const shared = new SharedValues();
  const probe = { httpGet: { path: '/', port: 80 } };
  const others = Array.from({ length: 40 }, (_, i) => ({ httpGet: { path: `/${i}`, port: 80 } }));
  const probes = others.map((other, i) => {
    const decoded = decode(pod('a', [{ name: `app-${i}`, livenessProbe: probe, readinessProbe: other }]), shared);
    assert.ok(decoded.ok);
    return decoded.object.spec.containers![0]!.livenessProbe!;
  });
  assert.is(new Set(probes).size, 2);
});

sharing('any pods: the same with and without', () => {
  const text = fc.constantFrom('a', 'b', '', '1');
  const container = fc.record(
    {
      name: fc.oneof(text, fc.constant(7)),
      image: text,
      args: fc.array(text, { maxLength: 2 }),
      env: fc.array(fc.record({ name: text, value: text }), { maxLength: 2 }),
      resources: fc.record({ limits: fc.dictionary(text, fc.constantFrom('1', '1000m', 1, 'x')) }),
      unknown: text,
    },
    { requiredKeys: ['name'] },
  );
  const toleration = fc.record({ key: text, tolerationSeconds: fc.constantFrom(1, 1.5, null) });
  const value = fc
    .tuple(
      text,
      fc.array(container, { maxLength: 2 }),
      fc.array(toleration, { maxLength: 2 }),
      fc.option(fc.dictionary(text, text, { maxKeys: 2 }), { nil: undefined }),
    )
    .map(([name, containers, tolerations, labels]) => ({
      ...pod(name, containers, { tolerations, nodeSelector: labels }),
      metadata: { name, labels },
    }));
  fc.assert(
    fc.property(fc.array(value, { maxLength: 12 }), (values) => {
      const shared = new SharedValues();
      for (const each of values) assert.equal(decode(each, shared), decode(each));
    }),
    { numRuns: 200 },
  );
});

sharing('any two values of JSON: equal when their texts are', () => {
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      fc.constantFrom(0, 1, '', '1', true, null, undefined),
      fc.array(tie('value'), { maxLength: 2 }),
      fc.array(fc.tuple(fc.constantFrom('a', 'b'), tie('value')), { maxLength: 2 }).map(Object.fromEntries),
    ),
  })).value;
  let same = 0;
  fc.assert(
    fc.property(value, value, (a, b) => {
      const [one, other] = [a, b].map((each) => JSON.stringify(each));
      const [left, right] = [one, other].map((text) => (text === undefined ? text : JSON.parse(text)));
      if (one === other) same += 1;
      assert.is(isEqualJson(left, right), one === other, `${one} and ${other}`);
    }),
    { numRuns: 2000 },
  );
  assert.ok(same > 20, `${same} pairs that are equal`);
});
sharing.run();
