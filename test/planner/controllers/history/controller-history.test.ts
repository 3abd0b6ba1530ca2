import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  byRevisionNumber,
  controllerRevisionName,
  hashControllerRevision,
} from '../../../../src/planner/controllers/history/controller-history.ts';
import {
  isRevisionOf,
  revisionText,
  templateOfRevision,
  templatePatch,
} from '../../../../src/planner/controllers/history/template-revision.ts';
import type { ControllerRevision } from '../../../../src/schema/generated/types/apps-v1.ts';
import type { PodTemplateSpec } from '../../../../src/schema/generated/types/core-v1.ts';

/** As the API server stores it. */
const STORED: PodTemplateSpec = {
  metadata: { labels: { app: 'db' } },
  spec: {
    containers: [
      {
        name: 'app',
        image: 'registry.example/app:1',
        resources: {},
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
        imagePullPolicy: 'IfNotPresent',
      },
    ],
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
  },
};

const revision = (name: string, number: number, creationTimestamp: string): ControllerRevision => ({
  apiVersion: 'apps/v1',
  kind: 'ControllerRevision',
  metadata: { name, creationTimestamp },
  revision: number,
});

const history = suite('ControllerRevisions');

history('have the name that the real controller gave the same template', () => {
  assert.is(hashControllerRevision(templatePatch(STORED), 0), '547ff9dbc6');
});

history('keep the template as a patch with sorted keys that replaces it', () => {
  const text = revisionText(templatePatch({ metadata: {}, spec: { restartPolicy: 'Always', containers: [] } }));
  assert.is(
    text,
    '{"spec":{"template":{"$patch":"replace","metadata":{},"spec":{"containers":[],"restartPolicy":"Always"}}}}',
  );
});

history('give the template back as Go reads it', () => {
  const data = JSON.parse(JSON.stringify(templatePatch(STORED)));
  data.spec.template.metadata.creationTimestamp = null;
  assert.equal(templateOfRevision({ ...revision('a', 1, ''), data }, { metadata: {}, spec: {} }, '1.36'), STORED);
  assert.is(templateOfRevision({ ...revision('a', 1, ''), data: templatePatch(STORED) }, STORED, '1.36'), STORED);
});

history('of an older version are those of the same template, whatever it left out', () => {
  const { dnsPolicy: _unset, ...spec } = STORED.spec;
  const older = {
    spec: { template: { metadata: { creationTimestamp: null, labels: { app: 'db' } }, spec, $patch: 'replace' } },
  };
  const data = JSON.parse(JSON.stringify(older));
  assert.ok(isRevisionOf({ ...revision('a', 1, ''), data }, STORED, '1.36'));
  data.spec.template.spec.containers[0].image = 'registry.example/app:2';
  assert.not(isRevisionOf({ ...revision('a', 1, ''), data: structuredClone(data) }, STORED, '1.36'));
});

history('sort by number, then age, then name', () => {
  const [a, b, c, d] = [
    revision('d', 1, '2026-01-01T00:00:00Z'),
    revision('b', 2, '2026-01-01T00:00:00Z'),
    revision('c', 2, '2026-01-01T00:00:00Z'),
    revision('a', 2, '2026-01-02T00:00:00Z'),
  ];
  assert.equal([d, c, b, a].sort(byRevisionNumber), [a, b, c, d]);
});

history('have names that fit', () => {
  const parent = { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'x'.repeat(253) } };
  assert.is(controllerRevisionName(parent, 'hash').length, 223 + 5);
});
history.run();
