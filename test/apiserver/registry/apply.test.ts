// Server-side apply where the object, or the key of an item, is not there.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { handleHttp } from '../../../src/apiserver/http-request.ts';
import { TestServer } from '../test-server.ts';

const VERSION = '1.36';
const NAMESPACE = '/namespaces/default';

function applied(server: TestServer, path: string, value: Readonly<Record<string, unknown>>) {
  const contentType = 'application/apply-patch+yaml';
  const body = { tree: { value } };
  const request = { method: 'PATCH' as const, path, contentType, body, dryRun: false, fieldManager: 'me' };
  return handleHttp(server.world.server, { ...request, fieldValidation: 'Strict' }, VERSION);
}

const apply = suite('server-side apply');
apply('the status of a service that is not there is applied as a new service, of other kinds it is not found', () => {
  const server = new TestServer();
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, status: {} };
  assert.is(applied(server, `/api/v1${NAMESPACE}/services/web/status`, service).status?.code, 422);
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, status: {} };
  assert.is(applied(server, `/apis/apps/v1${NAMESPACE}/deployments/web/status`, deployment).status?.code, 404);
});
apply(
  'an item of a list by names that has no name is owned by the empty one, which OpenAPI states as its default',
  () => {
    const account = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: { containers: [{ name: 'c', image: 'i' }], imagePullSecrets: [{}] },
    };
    const { object } = applied(new TestServer(), `/api/v1${NAMESPACE}/pods/p`, account);
    const metadata = object?.['metadata'] as { readonly managedFields?: unknown } | undefined;
    assert.match(JSON.stringify(metadata?.managedFields), /"k:{\\"name\\":\\"\\"}"/);
  },
);
apply.run();
