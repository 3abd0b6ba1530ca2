// kubeplan schema: documents of ours, and kinds by the names that kubectl takes.
import { Ajv } from 'ajv';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runCommand } from './test-io.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Names, and of which kind the schema is. */
const NAMES: readonly (readonly [name: string, apiVersion: string, kind: string])[] = [
  ['deployment', 'apps/v1', 'Deployment'],
  ['deploy', 'apps/v1', 'Deployment'],
  ['Deployments', 'apps/v1', 'Deployment'],
  ['deployments.apps', 'apps/v1', 'Deployment'],
  ['deployments.v1.apps', 'apps/v1', 'Deployment'],
  ['apps/v1/Deployment', 'apps/v1', 'Deployment'],
  ['v1/Pod', 'v1', 'Pod'],
  ['po', 'v1', 'Pod'],
  ['hpa', 'autoscaling/v2', 'HorizontalPodAutoscaler'],
  ['autoscaling/v1/HorizontalPodAutoscaler', 'autoscaling/v1', 'HorizontalPodAutoscaler'],
  ['events', 'v1', 'Event'],
  ['events.events.k8s.io', 'events.k8s.io/v1', 'Event'],
];

async function schemaOf(...args: readonly string[]): Promise<Schema> {
  const { code, stdout, stderr } = await runCommand(['schema', ...args]);
  assert.is(code, 0, stderr);
  return JSON.parse(stdout);
}

const schema = suite('schema');

for (const document of ['plan', 'explain', 'cluster', 'config'])
  schema(`${document} is a document`, async () => {
    assert.is((await schemaOf(document))['$schema'], 'http://json-schema.org/draft-07/schema#');
  });

for (const [name, apiVersion, kind] of NAMES)
  schema(`${name} is ${kind} of ${apiVersion}`, async () => {
    const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
    assert.equal((await schemaOf(name))['x-kubernetes-group-version-kind'], [{ group, kind, version }]);
  });

schema('a schema alone judges an object, and fields it does not know only with --strict', async () => {
  const containers = [{ name: 'app', image: 'app:1', imagePulPolicy: 'Always' }];
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { containers } };
  const check = async (...args: readonly string[]) => {
    const { $schema: _, ...rest } = await schemaOf('pod', ...args);
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(rest);
    return validate(pod) ? [] : (validate.errors ?? []).map(({ instancePath }) => instancePath);
  };
  assert.equal(await check(), []);
  assert.equal(await check('--strict'), ['/spec/containers/0']);
});

schema('the version decides which kinds and values there are', async () => {
  const operators = async (version: string) => {
    const { definitions } = await schemaOf('pod', '--kubernetes-version', version);
    const toleration = (definitions as Record<string, { properties: { operator: { enum: unknown } } }>)[
      'io.k8s.api.core.v1.Toleration'
    ];
    return toleration?.properties.operator.enum;
  };
  assert.equal(await operators('1.34'), ['Equal', 'Exists']);
  assert.equal(await operators('1.36'), ['Equal', 'Exists', 'Gt', 'Lt']);
});

for (const name of ['bogus', 'deployments.batch', 'apps/v2/Deployment', '/', 'a.b.c'])
  schema(`${name} is nothing, and the message says what is`, async () => {
    const { code, stdout, stderr } = await runCommand(['schema', name]);
    assert.is(code, 1);
    assert.is(stdout, '');
    assert.match(stderr, `no document and no kind of Kubernetes 1.36 is called ${name}`);
    assert.match(stderr, 'apps/v1/Deployment');
  });

schema.run();
