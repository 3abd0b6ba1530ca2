import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Document, TestServer } from '../../test-server.ts';

const events = suite('Event');

const bound: Document = {
  apiVersion: 'events.k8s.io/v1',
  kind: 'Event',
  metadata: { name: 'e', namespace: 'default' },
  eventTime: '2024-01-01T00:00:00.000000Z',
  reportingController: 'example.com/ctl',
  reportingInstance: 'ctl-1',
  action: 'Bind',
  reason: 'Bound',
  regarding: { kind: 'Pod', namespace: 'default', name: 'web' },
  note: 'hi',
  type: 'Normal',
};

events('an event of events.k8s.io is stored once, in the form of the core group', () => {
  const server = new TestServer();
  const { object } = server.create(bound);
  assert.is(object.apiVersion, 'events.k8s.io/v1');
  assert.is(object['note'], 'hi');
  const stored = server.find('v1', 'Event', 'e', 'default') as unknown as Record<string, unknown>;
  assert.is(stored['apiVersion'], 'v1');
  assert.is(stored['message'], 'hi');
  assert.is(stored['reportingComponent'], 'example.com/ctl');
  assert.equal(stored['involvedObject'], { kind: 'Pod', namespace: 'default', name: 'web' });
  assert.is(server.find('events.k8s.io/v1', 'Event', 'e', 'default'), stored);
});

events('events.k8s.io asks for more than the core group', () => {
  const server = new TestServer();
  const { type: _, ...untyped } = bound;
  assert.equal(server.create({ ...untyped, deprecatedCount: 2 } as Document).causes, [
    'type: Invalid value: "": has invalid value: ',
    'count: Invalid value: "": needs to be unset',
  ]);
  const plain: Document = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'E_1', namespace: 'default' },
    involvedObject: { namespace: 'default' },
    count: 2,
  };
  assert.is(server.create(plain).code, 201);
});

events('an event lies in the namespace of its object', () => {
  const elsewhere = { ...bound, regarding: { kind: 'Node', name: 'n1' }, metadata: { name: 'e', namespace: 'shop' } };
  assert.equal(new TestServer().create(elsewhere).causes, [
    'involvedObject.namespace: Invalid value: "": does not match event.namespace',
  ]);
});

events('only the series of a new event changes', () => {
  const server = new TestServer();
  server.create(bound);
  const series = { count: 2, lastObservedTime: '2024-01-01T00:00:01.000000Z' };
  assert.is(server.update({ ...bound, series }).code, 200);
  assert.equal(server.update({ ...bound, note: 'other' }).causes, [
    'message: Invalid value: "other": field is immutable',
  ]);
});

events.run();
