import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { APIService } from '../../../../src/schema/generated/types/apiregistration-v1.ts';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const apiServices = suite('APIService');

const SERVICE = { name: 's', namespace: 'n' };

function apiService(spec: Json, fields: Json = {}): Document {
  const metadata = { name: 'v1.example.com' };
  const whole = { group: 'example.com', version: 'v1', groupPriorityMinimum: 100, versionPriority: 10, ...spec };
  return { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata, spec: whole, ...fields };
}

apiServices('a local one is available at once, another when its service is', () => {
  const created = (spec: Json) => new TestServer().create(apiService(spec)).object as unknown as APIService;
  const [condition] = created({}).status.conditions ?? [];
  assert.is(condition?.type, 'Available');
  assert.is(condition?.reason, 'Local');
  assert.equal(created({ service: SERVICE }).status, {});
  assert.is(created({ service: SERVICE }).spec.service?.port, 443);
});

for (const { name, document, causes } of [
  {
    name: 'its name is version and group',
    document: apiService({}, { metadata: { name: 'example' } }),
    causes: ['metadata.name: Invalid value: "example": must be `spec.version+"."+spec.group`: "v1.example.com"'],
  },
  {
    name: 'priorities have bounds',
    document: apiService({ groupPriorityMinimum: 20_001, versionPriority: 0 }),
    causes: [
      'spec.groupPriorityMinimum: Invalid value: 20001: must be positive and less than 20000',
      'spec.versionPriority: Invalid value: 0: must be positive and less than 1000',
    ],
  },
  {
    name: 'nothing is checked of a local one',
    document: apiService({ caBundle: 'YWJj', insecureSkipTLSVerify: true }),
    causes: [
      'spec.caBundle: Invalid value: "3 bytes": local APIServices may not have a caBundle',
      'spec.insecureSkipTLSVerify: Invalid value: true: local APIServices may not have insecureSkipTLSVerify',
    ],
  },
  {
    name: 'a certificate that is checked is not skipped',
    document: apiService({ service: SERVICE, caBundle: 'YWJj', insecureSkipTLSVerify: true }),
    causes: ['spec.insecureSkipTLSVerify: Invalid value: true: may not be true if caBundle is present'],
  },
]) {
  apiServices(name, () => assert.equal(new TestServer().create(document).causes, causes));
}

apiServices('a condition is true, false or unknown', () => {
  const server = new TestServer();
  server.create(apiService({ service: SERVICE }));
  const { metadata } = server.find('apiregistration.k8s.io/v1', 'APIService', 'v1.example.com')!;
  const status = { conditions: [{ type: 'Available', status: 'Maybe' }] };
  const document = apiService({ service: SERVICE }, { metadata: { ...metadata }, status });
  assert.equal(server.update(document, { subresource: 'status' }).causes, [
    'status.conditions[0].status: Unsupported value: "Maybe": supported values: "True", "False", "Unknown"',
  ]);
});

apiServices.run();
