import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const classes = suite('PriorityClass');

function priorityClass(name: string, fields: Json): Document {
  return { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, ...fields };
}

for (const { title, name, fields, causes } of [
  {
    title: 'the highest values are the system’s',
    name: 'p',
    fields: { value: 1_000_000_001 },
    causes: ['value: Forbidden: maximum allowed value of a user defined priority is 1000000000'],
  },
  {
    title: 'names of the system are reserved',
    name: 'system-x',
    fields: { value: 1 },
    causes: [
      "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-x is not a known system priority class",
    ],
  },
]) {
  classes(title, () => assert.equal(new TestServer().create(priorityClass(name, fields)).causes, causes));
}

classes('value and policy do not change', () => {
  const server = new TestServer();
  const { object } = server.create(priorityClass('p', { value: 1 }));
  assert.is(object['preemptionPolicy'], 'PreemptLowerPriority');
  assert.equal(server.update(priorityClass('p', { value: 2, preemptionPolicy: 'Never' })).causes, [
    'value: Forbidden: may not be changed in an update.',
    'preemptionPolicy: Invalid value: "Never": field is immutable',
  ]);
});

classes('those of the system stay', () => {
  const server = new TestServer();
  const kind = ['scheduling.k8s.io/v1', 'PriorityClass'] as const;
  assert.is(
    server.delete(...kind, 'system-node-critical').message,
    'priorityclasses.scheduling.k8s.io "system-node-critical" is forbidden: this is a system priority class and cannot be deleted',
  );
});

classes.run();
