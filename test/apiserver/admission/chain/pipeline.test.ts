import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { KubeObject } from '../../../../src/apimachinery/object.ts';
import { ADMISSION_PLUGINS } from '../../../../src/apiserver/admission/chain/plugins.ts';
import { coreResources } from '../../../../src/apiserver/core/resources.ts';
import { decodeBody } from '../../../../src/apiserver/decode.ts';
import type { Answer } from '../../../../src/apiserver/request.ts';
import { resourceNameOf } from '../../../../src/apiserver/resource.ts';
import { restoreBootstrap } from '../../../../src/planner/inventory/load-inventory.ts';
import { World } from '../../../../src/planner/world.ts';
import type { Pod, ResourceQuota } from '../../../../src/schema/generated/types/core-v1.ts';
import { makePod } from '../ask.ts';

type Json = Readonly<Record<string, unknown>>;
const VERSION = '1.36';
const cause = { who: 'test' };

class Cluster {
  readonly world = new World({
    kubernetes: { version: VERSION, featureGates: {}, flags: {} },
    resources: coreResources,
    admission: ADMISSION_PLUGINS,
    components: [],
    startAt: Date.UTC(2026, 0, 1),
  });

  constructor() {
    restoreBootstrap(this.world, VERSION);
  }

  create(document: Json, options: { readonly dryRun?: boolean } = {}): Answer {
    const { server } = this.world;
    const resource = server.options.catalog.byKind(String(document['apiVersion']), String(document['kind']))!;
    const body = { tree: { value: structuredClone(document) }, isYaml: false };
    const decoded = decodeBody(body, { resource, version: resource.version }, VERSION, 'Strict');
    if (!decoded.ok) throw new Error(decoded.status.message);
    const place = resource.namespaced ? { namespace: 'default' } : {};
    return server.handle({
      verb: 'create',
      resource: resourceNameOf(resource),
      object: decoded.object,
      cause,
      ...place,
      ...options,
    });
  }

  find<T extends KubeObject>(resource: string, name: string, namespace: string | undefined = 'default'): T {
    return this.world.server.reader.get<T>(resource, namespace, name)!;
  }

  /** A quota whose usage is known to be nothing. */
  addQuota(hard: Readonly<Record<string, string>>): void {
    const metadata = { name: 'q', namespace: 'default' };
    assert.ok(this.create({ apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: { hard } }).ok);
    const quota = this.find<ResourceQuota>('resourcequotas', 'q');
    const used = Object.fromEntries(Object.keys(hard).map((name) => [name, '0']));
    const update = { verb: 'update', resource: 'resourcequotas', namespace: 'default', name: 'q' } as const;
    const object = { ...quota, status: { hard, used } };
    assert.ok(this.world.server.handle({ ...update, subresource: 'status', object, cause }).ok);
  }

  usedOf(name: string): string | undefined {
    return this.find<ResourceQuota>('resourcequotas', 'q').status.used?.[name];
  }
}

const pod = (name: string, spec: Json = {}) => makePod({ containers: [{ name: 'c', image: 'i' }], ...spec }, { name });
const pipeline = suite('admission in the request pipeline');

pipeline('a pod is stored with what the plugins add', () => {
  const cluster = new Cluster();
  assert.ok(cluster.create(pod('p')).ok);
  const { spec } = cluster.find<Pod>('pods', 'p');
  assert.is(spec.serviceAccountName, 'default');
  assert.match(spec.volumes?.[0]?.name ?? '', /^kube-api-access-[a-z0-9]{5}$/);
  assert.is(spec.tolerations?.length, 2);
  assert.equal([spec.priority, spec.preemptionPolicy], [0, 'PreemptLowerPriority']);
});

pipeline('a quota is charged for what is stored, and only once for each', () => {
  const cluster = new Cluster();
  cluster.addQuota({ pods: '2' });
  assert.ok(cluster.create(pod('a')).ok);
  assert.is(cluster.usedOf('pods'), '1');
  assert.not.ok(cluster.create(pod('a')).ok, 'the name is taken');
  assert.is(cluster.usedOf('pods'), '1');
  assert.ok(cluster.create(pod('b'), { dryRun: true }).ok);
  assert.is(cluster.usedOf('pods'), '1');
  assert.ok(cluster.create(pod('b')).ok);
  const third = cluster.create(pod('c'));
  assert.is(
    third.ok ? '' : third.status.message,
    'pods "c" is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2',
  );
});

pipeline('what a mutating plugin refuses is not validated any more; what validation refuses is not charged', () => {
  const cluster = new Cluster();
  cluster.addQuota({ pods: '2' });
  const wrong = { restartPolicy: 'Sometimes' };
  const unknown = cluster.create(pod('a', { ...wrong, priorityClassName: 'none' }));
  assert.is(unknown.code, 403);
  assert.is(cluster.create(pod('a', wrong)).code, 422);
  assert.is(cluster.usedOf('pods'), '0');
});

pipeline('the limits of a namespace fill in what the quota asks for', () => {
  const cluster = new Cluster();
  cluster.addQuota({ 'limits.cpu': '1' });
  assert.is(cluster.create(pod('a')).code, 403);
  const limits = [{ type: 'Container', default: { cpu: '750m' } }];
  assert.ok(cluster.create({ apiVersion: 'v1', kind: 'LimitRange', metadata: { name: 'l' }, spec: { limits } }).ok);
  assert.ok(cluster.create(pod('a')).ok);
  assert.is(cluster.usedOf('limits.cpu'), '750m');
});

pipeline('a bound pod has the labels of its node', () => {
  const cluster = new Cluster();
  const labels = { 'topology.kubernetes.io/zone': 'z', 'topology.kubernetes.io/region': 'r', other: 'o' };
  assert.ok(cluster.create({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n', labels } }).ok);
  assert.ok(cluster.create(pod('p')).ok);
  const object = { apiVersion: 'v1', kind: 'Binding', metadata: { name: 'p' }, target: { kind: 'Node', name: 'n' } };
  const answer = cluster.world.server.handle({
    verb: 'create',
    resource: 'pods',
    namespace: 'default',
    name: 'p',
    subresource: 'binding',
    object,
    cause,
  });
  assert.ok(answer.ok);
  assert.equal(cluster.find<Pod>('pods', 'p').metadata.labels, {
    'topology.kubernetes.io/zone': 'z',
    'topology.kubernetes.io/region': 'r',
  });
  assert.is(cluster.find<Pod>('pods', 'p').spec.nodeName, 'n');
});

pipeline('the namespaces of the system stay', () => {
  const cluster = new Cluster();
  const remove = (name: string) =>
    cluster.world.server.handle({ verb: 'delete', resource: 'namespaces', name, cause }).code;
  assert.is(remove('kube-system'), 403);
  assert.is(remove('kube-node-lease'), 200);
});

pipeline('plugins stand in the order in which they run', () => {
  assert.equal(
    ADMISSION_PLUGINS.map(({ name }) => name),
    [
      'NamespaceLifecycle',
      'LimitRanger',
      'ServiceAccount',
      'TaintNodesByCondition',
      'PodSecurity',
      'Priority',
      'DefaultTolerationSeconds',
      'DefaultStorageClass',
      'StorageObjectInUseProtection',
      'PodGroupProtection',
      'PersistentVolumeClaimResize',
      'RuntimeClass',
      'CertificateSubjectRestriction',
      'DefaultIngressClass',
      'PodTopologyLabels',
      'PodGroupWorkloadExists',
      'NodeDeclaredFeatureValidator',
      'JobValidation',
      'PodResizeValidator',
      'MutatingAdmissionPolicy',
      'MutatingAdmissionWebhook',
      'ValidatingAdmissionPolicy',
      'ValidatingAdmissionWebhook',
      'ResourceQuota',
    ],
  );
});

pipeline.run();
