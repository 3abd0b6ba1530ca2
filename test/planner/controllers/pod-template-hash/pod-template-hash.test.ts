// Hashes of pod templates, as ComputeHash of Kubernetes v1.36.3 prints them.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { podTemplateHash } from '../../../../src/planner/controllers/pod-template-hash/pod-template-hash.ts';
import type { Container, PodTemplateSpec } from '../../../../src/schema/generated/types/core-v1.ts';

const template = (
  container: Partial<Container> = {},
  spec: Partial<PodTemplateSpec['spec']> = {},
): PodTemplateSpec => ({
  metadata: { labels: { app: 'web' } },
  spec: {
    containers: [
      {
        name: 'web',
        image: 'nginx:1.27',
        resources: {},
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
        imagePullPolicy: 'IfNotPresent',
        ...container,
      },
    ],
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
    ...spec,
  },
});

const hash = suite('pod template hash');

for (const { name, of, want } of [
  { name: 'a container', of: template(), want: ['8448b6f544', '6f5d969f76', '5f46654bf'] },
  {
    name: 'quantities as they are kept in memory, int-or-strings, pointers to zero',
    of: template(
      {
        resources: {
          limits: { memory: '128Mi' },
          requests: { cpu: '250m', memory: '100Mi', 'example.com/gpu': '12345678901234567890' },
        },
        ports: [{ containerPort: 80, protocol: 'TCP' }],
        livenessProbe: {
          httpGet: { path: '/', port: 'http', scheme: 'HTTP' },
          timeoutSeconds: 1,
          periodSeconds: 10,
          successThreshold: 1,
          failureThreshold: 3,
        },
      },
      { securityContext: { runAsUser: 0 } },
    ),
    want: ['6f7f899c', '5bf6b5785', '6dfc9bb648'],
  },
  {
    name: 'keys in the order of their bytes',
    // Nothing but these keys, as no server would keep it.
    of: {
      metadata: {},
      spec: { nodeSelector: { '\uffff': 'a', '😀': 'b', ü: 'c', a: 'd' } },
    } as unknown as PodTemplateSpec,
    want: ['799f4548f5', '5d95749687', '6d8b86d54'],
  },
]) {
  hash(`${name}: without, with no and with one collision`, () => {
    assert.equal(
      [undefined, 0, 1].map((collisions) => podTemplateHash(of, collisions, '1.36')),
      want,
    );
  });
}

hash('a field that is new in a version changes every hash', () => {
  assert.is.not(podTemplateHash(template(), undefined, '1.36'), podTemplateHash(template(), undefined, '1.34'));
});

hash('a template that is written in another order has the same hash', () => {
  const { metadata, spec } = template();
  assert.is(podTemplateHash({ spec, metadata }, 0, '1.36'), podTemplateHash(template(), 0, '1.36'));
});

hash.run();
