import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { resourceQuotaController } from '../../../../src/planner/controllers/resourcequota/resourcequota.ts';
import type { ResourceQuota } from '../../../../src/schema/generated/types/core-v1.ts';
import { smallCluster } from '../../kubelet/small-cluster.ts';

const quota = (hard: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'q', namespace: 'default' },
  spec: { hard },
  status: {},
});
const pod = (name: string, cpu: string, phase = 'Running') => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default' },
  spec: { containers: [{ name: 'app', resources: { requests: { cpu } } }] },
  status: { phase },
});
const quotas = suite('resource quota controller');

quotas('counts what is there, and again when something goes or ends', () => {
  const cluster = smallCluster([resourceQuotaController]);
  const status = () => cluster.get<ResourceQuota>('resourcequotas', 'q', 'default')!.status;
  cluster.create(pod('a', '100m'), pod('b', '200m'), pod('c', '1'));
  cluster.create(quota({ pods: '5', 'requests.cpu': '2', 'count/configmaps': '3', 'unknown/x': '1' }) as never);
  cluster.settle();
  assert.equal(status().hard, { pods: '5', 'requests.cpu': '2', 'count/configmaps': '3', 'unknown/x': '1' });
  assert.equal(status().used, { 'count/configmaps': '0', pods: '3', 'requests.cpu': '1300m' });
  cluster.user.delete('pods', { namespace: 'default', name: 'a' });
  cluster.change('pods', 'c', { status: { phase: 'Succeeded' } }, 'default', 'status');
  cluster.settle();
  assert.equal(status().used, { 'count/configmaps': '0', pods: '1', 'requests.cpu': '200m' });
});

quotas('new limits are taken over', () => {
  const cluster = smallCluster([resourceQuotaController]);
  cluster.create(pod('a', '100m'), quota({ pods: '5' }) as never);
  cluster.settle();
  cluster.change('resourcequotas', 'q', { spec: { hard: { pods: null, 'requests.cpu': '1' } } }, 'default');
  cluster.settle();
  const { status } = cluster.get<ResourceQuota>('resourcequotas', 'q', 'default')!;
  assert.equal(status, { hard: { 'requests.cpu': '1' }, used: { 'requests.cpu': '100m' } });
});
quotas.run();
