import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { NetworkPolicy } from '../../../../src/schema/generated/types/networking-v1.ts';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const policies = suite('NetworkPolicy');

function policy(spec: Json): Document {
  const whole = { podSelector: {}, ...spec };
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'p' }, spec: whole };
}

function specOf(spec: Json): NetworkPolicy['spec'] {
  return (new TestServer().create(policy(spec)).object as unknown as NetworkPolicy).spec;
}

policies('it is about what comes in, and about what goes out where it says so', () => {
  assert.equal(specOf({}).policyTypes, ['Ingress']);
  assert.equal(specOf({ egress: [{}] }).policyTypes, ['Ingress', 'Egress']);
});

policies('ports are of TCP', () => {
  assert.equal(specOf({ ingress: [{ ports: [{ port: 80 }] }] }).ingress, [{ ports: [{ port: 80, protocol: 'TCP' }] }]);
});

function from(peer: Json): Json {
  return { ingress: [{ from: [peer] }] };
}

for (const { name, spec, causes } of [
  {
    name: 'a peer is somebody',
    spec: from({}),
    causes: ['spec.ingress[0].from[0]: Required value: must specify a peer'],
  },
  {
    name: 'a range of addresses excludes every other peer',
    spec: from({ ipBlock: { cidr: '10.0.0.0/8' }, podSelector: {} }),
    causes: ['spec.ingress[0].from[0]: Forbidden: may not specify both ipBlock and another peer'],
  },
  {
    name: 'an exception lies inside its range',
    spec: from({ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] } }),
    causes: [
      'spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "11.0.0.0/16": must be a strict subset of `cidr`',
    ],
  },
  {
    name: 'a range of ports starts with a number',
    spec: { ingress: [{ ports: [{ port: 'http', endPort: 90 }] }] },
    causes: ['spec.ingress[0].ports[0].endPort: Invalid value: 90: may not be specified when `port` is non-numeric'],
  },
]) {
  policies(name, () => assert.equal(new TestServer().create(policy(spec)).causes, causes));
}

policies('bits beyond the prefix are refused, but stay where they were accepted before', () => {
  const unclear = policy(from({ ipBlock: { cidr: '10.0.0.1/8' } }));
  assert.equal(new TestServer().create(unclear).causes, [
    'spec.ingress[0].from[0].ipBlock.cidr: Invalid value: "10.0.0.1/8": must not have bits set beyond the prefix length',
  ]);
  const older = new TestServer({ StrictIPCIDRValidation: false });
  const { code, warnings } = older.create(unclear);
  assert.is(code, 201);
  assert.match(warnings.join(), /^spec\.ingress\[0\]\.from\[0\]\.ipBlock\.cidr: /);
});

policies.run();
