import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Document, TestServer } from '../../test-server.ts';

const ranges = suite('ServiceCIDR');

function range(...cidrs: readonly string[]): Document {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'ServiceCIDR', metadata: { name: 's' }, spec: { cidrs } };
}

for (const { name, cidrs, causes } of [
  { name: 'one range of each family', cidrs: ['10.8.0.0/24', 'fd00::/112'], causes: [] },
  {
    name: 'two of one family are one too many',
    cidrs: ['10.8.0.0/24', '10.9.0.0/24'],
    causes: [
      'spec.cidrs: Invalid value: ["10.8.0.0/24","10.9.0.0/24"]: may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64',
    ],
  },
  { name: 'there is a range', cidrs: [], causes: ['spec.cidrs: Required value: at least one CIDR required'] },
]) {
  ranges(name, () => assert.equal(new TestServer().create(range(...cidrs)).causes, causes));
}

ranges('a second family may be added, the first stays', () => {
  const server = new TestServer();
  server.create(range('10.8.0.0/24'));
  assert.is(server.update(range('10.8.0.0/24', 'fd00::/112')).code, 200);
  assert.is(server.update(range('10.9.0.0/24', 'fd00::/112')).code, 422);
});

ranges.run();
