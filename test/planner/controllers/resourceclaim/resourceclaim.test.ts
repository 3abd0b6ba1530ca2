import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { resourceClaimController } from '../../../../src/planner/controllers/resourceclaim/resourceclaim.ts';
import type { Pod } from '../../../../src/schema/generated/types/core-v1.ts';
import type { ResourceClaim } from '../../../../src/schema/generated/types/resource-v1.ts';
import { smallCluster } from '../../kubelet/small-cluster.ts';

const CLAIMS = 'resourceclaims.resource.k8s.io';
const template = {
  apiVersion: 'resource.k8s.io/v1',
  kind: 'ResourceClaimTemplate',
  metadata: { name: 'gpu', namespace: 'default' },
  spec: { metadata: { labels: { a: 'b' } }, spec: { devices: { requests: [{ name: 'r' }] } } },
};
const pod = (spec: Record<string, unknown> = {}, status: Record<string, unknown> = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'default' },
  spec: { resourceClaims: [{ name: 'dev', resourceClaimTemplateName: 'gpu' }], ...spec },
  status: { phase: 'Pending', ...status },
});

const claims = suite('resource claims');

claims('a claim is made from its template, told to the pod, and goes when the pod is done', () => {
  const cluster = smallCluster([resourceClaimController]);
  cluster.create(template, pod());
  cluster.settle();
  const [claim] = cluster.list<ResourceClaim>(CLAIMS);
  assert.equal(
    [claim?.metadata.labels, claim?.metadata.annotations, claim?.metadata.generateName],
    [{ a: 'b' }, { 'resource.kubernetes.io/pod-claim-name': 'dev' }, 'p-dev-'],
  );
  const { resourceClaimStatuses } = cluster.get<Pod>('pods', 'p', 'default')!.status;
  assert.equal(resourceClaimStatuses, [{ name: 'dev', resourceClaimName: claim?.metadata.name }]);
  cluster.change('pods', 'p', { status: { phase: 'Succeeded' } }, 'default', 'status');
  cluster.settle();
  assert.equal(cluster.list(CLAIMS), []);
});

claims('without its template a pod waits, and gets its claim once that is there', () => {
  const cluster = smallCluster([resourceClaimController]);
  cluster.create(pod());
  cluster.settle(100);
  assert.equal(cluster.events(), [
    'Pod p Warning FailedResourceClaimCreation: PodResourceClaim dev: resource claim template "gpu": resourceclaimtemplate.resource.k8s.io "gpu" not found',
  ]);
  cluster.create(template);
  cluster.settle(100);
  assert.equal(cluster.list(CLAIMS).length, 1);
});

claims('an allocated claim is reserved for a pod that is on a node already, and freed after it', () => {
  const cluster = smallCluster([resourceClaimController]);
  cluster.create({
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceClaim',
    metadata: { name: 'mine', namespace: 'default', finalizers: ['resource.kubernetes.io/delete-protection'] },
    spec: { devices: {} },
    status: { allocation: { devices: {} } },
  } as never);
  cluster.create(pod({ nodeName: 'n1', resourceClaims: [{ name: 'dev', resourceClaimName: 'mine' }] }));
  cluster.settle();
  const reserved = () => cluster.get<ResourceClaim>(CLAIMS, 'mine', 'default')!;
  assert.equal(
    reserved().status.reservedFor?.map(({ resource, name }) => [resource, name]),
    [['pods', 'p']],
  );
  cluster.user.delete('pods', { namespace: 'default', name: 'p' }, { gracePeriodSeconds: 0 });
  cluster.settle();
  assert.equal([reserved().status, reserved().metadata.finalizers ?? []], [{}, []]);
});
claims.run();
