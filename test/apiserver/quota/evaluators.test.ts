import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { KubeObject } from '../../../src/apimachinery/object.ts';
import { evaluatorFor } from '../../../src/apiserver/quota/registry.ts';
import { resourceListOf } from '../../../src/apiserver/quota/resource-list.ts';

const NOW = Date.UTC(2026, 0, 1);
const context = { now: NOW, reader: { list: () => [], get: () => undefined } as never };
const pod = (spec: Record<string, unknown>, rest: Record<string, unknown> = {}) =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default' },
    spec,
    status: {},
    ...rest,
  }) as KubeObject;
const container = (requests: Record<string, string> = {}, limits: Record<string, string> = {}, name = 'app') => ({
  name,
  resources: { requests, limits },
});

const usage = suite('quota usage');

for (const { name, resource, object, want } of [
  {
    name: 'a pod counts under every name of its resources',
    resource: 'pods',
    object: pod({ containers: [container({ cpu: '100m', memory: '1Gi' }, { cpu: '1' })] }),
    want: {
      'count/pods': '1',
      cpu: '100m',
      'limits.cpu': '1',
      memory: '1Gi',
      pods: '1',
      'requests.cpu': '100m',
      'requests.memory': '1Gi',
    },
  },
  {
    name: 'a finished pod counts as an object only',
    resource: 'pods',
    object: pod({ containers: [container({ cpu: '100m' })] }, { status: { phase: 'Succeeded' } }),
    want: { 'count/pods': '1' },
  },
  {
    name: 'a pod whose grace is long over counts as an object only',
    resource: 'pods',
    object: pod(
      { containers: [container({ cpu: '1' })] },
      { metadata: { name: 'p', deletionTimestamp: '2025-12-31T23:58:00Z', deletionGracePeriodSeconds: 30 } },
    ),
    want: { 'count/pods': '1' },
  },
  {
    name: 'the largest init container counts if it needs more; sidecars always',
    resource: 'pods',
    object: pod({
      containers: [container({ cpu: '100m' })],
      initContainers: [
        { ...container({ cpu: '50m' }, {}, 'side'), restartPolicy: 'Always' },
        container({ cpu: '300m' }, {}, 'setup'),
      ],
    }),
    want: { 'count/pods': '1', cpu: '350m', pods: '1', 'requests.cpu': '350m' },
  },
  {
    name: 'extended resources and huge pages, and the overhead of the runtime class',
    resource: 'pods',
    object: pod({
      containers: [container({ 'example.com/gpu': '2', 'hugepages-2Mi': '4Mi', cpu: '1' })],
      overhead: { cpu: '100m' },
    }),
    want: {
      'count/pods': '1',
      cpu: '1100m',
      'hugepages-2Mi': '4Mi',
      pods: '1',
      'requests.cpu': '1100m',
      'requests.example.com/gpu': '2',
      'requests.hugepages-2Mi': '4Mi',
    },
  },
  {
    name: 'a load balancer counts its node ports before it has them',
    resource: 'services',
    object: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {},
      spec: { type: 'LoadBalancer', ports: [{ port: 1 }, { port: 2 }] },
    } as KubeObject,
    want: { 'count/services': '1', services: '1', 'services.loadbalancers': '1', 'services.nodeports': '2' },
  },
  {
    name: 'a claim counts in all and for its class',
    resource: 'persistentvolumeclaims',
    object: {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {},
      spec: { storageClassName: 'gold', resources: { requests: { storage: '1Gi' } } },
    } as KubeObject,
    want: {
      'count/persistentvolumeclaims': '1',
      'gold.storageclass.storage.k8s.io/persistentvolumeclaims': '1',
      'gold.storageclass.storage.k8s.io/requests.storage': '1Gi',
      persistentvolumeclaims: '1',
      'requests.storage': '1Gi',
    },
  },
  {
    name: 'of alternative device requests the worst counts',
    resource: 'resourceclaims.resource.k8s.io',
    object: {
      apiVersion: 'resource.k8s.io/v1',
      kind: 'ResourceClaim',
      metadata: {},
      spec: {
        devices: {
          requests: [
            { exactly: { deviceClassName: 'gpu', allocationMode: 'ExactCount', count: 2 } },
            {
              firstAvailable: [
                { deviceClassName: 'gpu', allocationMode: 'ExactCount', count: 1 },
                { deviceClassName: 'gpu', allocationMode: 'All' },
              ],
            },
          ],
        },
      },
    } as KubeObject,
    want: {
      'count/resourceclaims.resource.k8s.io': '1',
      'gpu.deviceclass.resource.k8s.io/devices': '34',
      'requests.deviceclass.resource.kubernetes.io/gpu': '34',
    },
  },
  {
    name: 'everything else counts as an object, some under an old name too',
    resource: 'configmaps',
    object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: {} } as KubeObject,
    want: { configmaps: '1', 'count/configmaps': '1' },
  },
])
  usage(name, () => assert.equal(resourceListOf(evaluatorFor(resource)!.usage(object, context)), want));
usage.run();

const constraints = suite('quota constraints');
const pods = evaluatorFor('pods')!;
for (const { name, required, object, want } of [
  {
    name: 'a container that does not say what is limited',
    required: ['requests.cpu', 'limits.memory', 'pods'],
    object: pod({ containers: [container({}, {}, 'a'), container({ cpu: '1' }, {}, 'b')] }),
    want: 'must specify limits.memory for: a,b; requests.cpu for: a',
  },
  {
    name: 'nothing is required of other resources',
    required: ['requests.ephemeral-storage'],
    object: pod({ containers: [container()] }),
    want: undefined,
  },
  {
    name: 'resources of the whole pod are enough',
    required: ['requests.cpu'],
    object: pod({ containers: [container()], resources: { requests: { cpu: '1' } } }),
    want: undefined,
  },
])
  constraints(name, () => assert.is(pods.constraintError!(required, object), want));
constraints.run();

const scopes = suite('quota scopes');
for (const { scope, object, want } of [
  { scope: { scopeName: 'BestEffort', operator: 'Exists' }, object: pod({ containers: [container()] }), want: true },
  {
    scope: { scopeName: 'NotBestEffort', operator: 'Exists' },
    object: pod({ containers: [container({ cpu: '1' })] }),
    want: true,
  },
  { scope: { scopeName: 'Terminating', operator: 'Exists' }, object: pod({ activeDeadlineSeconds: 5 }), want: true },
  {
    scope: { scopeName: 'PriorityClass', operator: 'In', values: ['gold'] },
    object: pod({ priorityClassName: 'gold' }),
    want: true,
  },
  { scope: { scopeName: 'PriorityClass', operator: 'NotIn', values: ['gold'] }, object: pod({}), want: true },
  {
    scope: { scopeName: 'PriorityClass', operator: 'DoesNotExist' },
    object: pod({ priorityClassName: 'gold' }),
    want: false,
  },
  {
    scope: { scopeName: 'CrossNamespacePodAffinity', operator: 'Exists' },
    object: pod({
      affinity: {
        podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'x', namespaces: ['other'] }] },
      },
    }),
    want: true,
  },
])
  scopes(`${scope.scopeName} ${scope.operator}: ${want}`, () => assert.is(pods.matchesScope(scope, object), want));
scopes.run();
