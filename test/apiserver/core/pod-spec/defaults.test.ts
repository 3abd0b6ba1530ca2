// What a pod's spec says when its author left it out.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { defaultPodTemplate } from '../../../../src/apiserver/core/pod-spec/defaults.ts';
import { defaultPullPolicy, tagOfImage } from '../../../../src/apiserver/core/pod-spec/image-reference.ts';
import type { PodTemplateSpec } from '../../../../src/schema/generated/types/core-v1.ts';
import { accepted, type Json, PodServer, podDraft, withContainer } from '../pod/pod-server.ts';

const server = new PodServer();
let created = 0;
const specOf = (spec: Json) => accepted(server.create(podDraft(spec, { name: `p${++created}` }))).spec;
const containerOf = (fields: Json) => specOf(withContainer(fields)).containers?.[0] ?? { name: '', resources: {} };

const defaults = suite('pod spec defaults');

defaults('the smallest pod gets everything that a pod has', () => {
  assert.equal(specOf({}), {
    containers: [
      {
        name: 'app',
        image: 'nginx:1',
        imagePullPolicy: 'IfNotPresent',
        resources: {},
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
      },
    ],
    dnsPolicy: 'ClusterFirst',
    enableServiceLinks: true,
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
    securityContext: {},
    terminationGracePeriodSeconds: 30,
  });
});

defaults('a probe looks every ten seconds and needs three failures', () => {
  const { readinessProbe } = containerOf({ readinessProbe: { httpGet: { port: 80 } } });
  assert.equal(readinessProbe, {
    httpGet: { path: '/', port: 80, scheme: 'HTTP' },
    failureThreshold: 3,
    periodSeconds: 10,
    successThreshold: 1,
    timeoutSeconds: 1,
  });
});

defaults('a gRPC probe asks the unnamed service', () => {
  assert.equal(containerOf({ livenessProbe: { grpc: { port: 1 } } }).livenessProbe?.grpc, { port: 1, service: '' });
});

defaults('what is limited is requested, in a pod', () => {
  const { resources } = containerOf({ resources: { limits: { cpu: '0.5', memory: '1Gi' }, requests: { cpu: '0.1' } } });
  assert.equal(resources, { limits: { cpu: '500m', memory: '1Gi' }, requests: { cpu: '100m', memory: '1Gi' } });
});

defaults('a quantity below a milli is rounded up to one', () => {
  assert.equal(containerOf({ resources: { requests: { cpu: '100u' } } }).resources, { requests: { cpu: '1m' } });
});

defaults('requests of the pod cover its containers', () => {
  const { resources } = specOf({
    ...withContainer({ resources: { requests: { cpu: '100m', memory: '64Mi' } } }),
    resources: { limits: { cpu: '1', memory: '1Gi' } },
  });
  assert.equal(resources, { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '100m', memory: '64Mi' } });
});

defaults('a port on the host network is a port of the host', () => {
  const { containers } = specOf({ hostNetwork: true, ...withContainer({ ports: [{ containerPort: 80 }] }) });
  assert.equal(containers?.[0]?.ports, [{ containerPort: 80, hostPort: 80, protocol: 'TCP' }]);
});

defaults('a negative grace period counts as one second in a pod', () => {
  assert.is(specOf({ terminationGracePeriodSeconds: -5 }).terminationGracePeriodSeconds, 1);
});

defaults('the deprecated name of the service account follows the other', () => {
  const { serviceAccount, serviceAccountName } = specOf({ serviceAccount: 'builder' });
  assert.equal([serviceAccount, serviceAccountName], ['builder', 'builder']);
});

for (const { source, want } of [
  { source: {}, want: { emptyDir: {} } },
  { source: { secret: { secretName: 's' } }, want: { secret: { secretName: 's', defaultMode: 420 } } },
  { source: { hostPath: { path: '/a' } }, want: { hostPath: { path: '/a', type: '' } } },
  {
    source: { downwardAPI: { items: [{ path: 'a', fieldRef: { fieldPath: 'metadata.name' } }] } },
    want: {
      downwardAPI: {
        items: [{ path: 'a', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } }],
        defaultMode: 420,
      },
    },
  },
  {
    source: { iscsi: { targetPortal: '1.2.3.4', iqn: 'iqn.2026-01.example:a', lun: 0 } },
    want: { iscsi: { targetPortal: '1.2.3.4', iqn: 'iqn.2026-01.example:a', lun: 0, iscsiInterface: 'default' } },
  },
  {
    source: { rbd: { monitors: ['m'], image: 'i' } },
    want: { rbd: { monitors: ['m'], image: 'i', pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' } },
  },
  {
    source: {
      ephemeral: {
        volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
      },
    },
    want: {
      ephemeral: {
        volumeClaimTemplate: {
          metadata: {},
          spec: {
            accessModes: ['ReadWriteOnce'],
            resources: { requests: { storage: '1Gi' } },
            volumeMode: 'Filesystem',
          },
        },
      },
    },
  },
  {
    source: { image: { reference: 'example.com/a:1' } },
    want: { image: { reference: 'example.com/a:1', pullPolicy: 'IfNotPresent' } },
  },
]) {
  defaults(`a volume ${Object.keys(source)[0] ?? 'without a source'} is complete`, () => {
    assert.equal(specOf({ volumes: [{ name: 'v', ...source }] }).volumes, [{ name: 'v', ...want }]);
  });
}

defaults('defaulting twice answers the very same object', () => {
  const template = { metadata: {}, spec: specOf({ volumes: [{ name: 'v' }] }) } as PodTemplateSpec;
  assert.is(defaultPodTemplate(template), template);
});

defaults.run();

const images = suite('image references');

for (const [image, tag, policy] of [
  ['nginx', 'latest', 'Always'],
  ['nginx:latest', 'latest', 'Always'],
  ['nginx:1.27', '1.27', 'IfNotPresent'],
  ['localhost:5000/nginx', 'latest', 'Always'],
  [`nginx@sha256:${'0'.repeat(64)}`, '', 'IfNotPresent'],
  [`nginx:latest@sha256:${'0'.repeat(64)}`, 'latest', 'Always'],
  ['Not An Image', '', 'IfNotPresent'],
] as const) {
  images(`${image} is tagged ${tag || 'with nothing'} and pulled ${policy}`, () => {
    assert.is(tagOfImage(image), tag);
    assert.is(defaultPullPolicy(image), policy);
  });
}

images.run();
