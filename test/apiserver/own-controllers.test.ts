// Statuses that controllers inside the API server write after a create or update.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Json, TestServer } from './test-server.ts';

const own = suite('controllers of the API server');

const conditionsOf = (object: unknown): readonly Json[] =>
  (object as { readonly status?: { readonly conditions?: readonly Json[] } }).status?.conditions ?? [];
const flowSchema = (level: string) => ({
  apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
  kind: 'FlowSchema',
  metadata: { name: 'x' },
  spec: { priorityLevelConfiguration: { name: level } },
});

own('a FlowSchema says whether its priority level exists', () => {
  const server = new TestServer();
  server.create(flowSchema('none'));
  const read = () => conditionsOf(server.find('flowcontrol.apiserver.k8s.io/v1', 'FlowSchema', 'x'))[0];
  assert.is(read()?.['status'], 'True');
  assert.match(String(read()?.['message']), 'named "none" but there is no such object');
  server.update(flowSchema('workload-low'));
  assert.equal([read()?.['status'], read()?.['reason']], ['False', 'Found']);
});
own('an APIService whose Service is missing is not available', () => {
  const server = new TestServer();
  server.create({
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: 'v1.example.com' },
    spec: {
      group: 'example.com',
      version: 'v1',
      groupPriorityMinimum: 1000,
      versionPriority: 10,
      insecureSkipTLSVerify: true,
      service: { namespace: 'n', name: 's' },
    },
  });
  const [condition] = conditionsOf(server.find('apiregistration.k8s.io/v1', 'APIService', 'v1.example.com'));
  assert.equal([condition?.['reason'], condition?.['message']], ['ServiceNotFound', 'service/s in "n" is not present']);
});
own.run();
