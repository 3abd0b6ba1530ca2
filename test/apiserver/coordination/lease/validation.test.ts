import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const leases = suite('Lease');

function lease(spec: Json): Document {
  return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'l' }, spec };
}

leases('a duration is positive', () => {
  assert.equal(new TestServer().create(lease({ leaseDurationSeconds: 0, leaseTransitions: -1 })).causes, [
    'spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0',
    'spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0',
  ]);
});

leases('the fields of coordinated election are dropped', () => {
  const { object } = new TestServer().create(lease({ holderIdentity: 'a', strategy: 'x', preferredHolder: 'b' }));
  assert.equal(object['spec'], { holderIdentity: 'a' });
});

leases.run();
