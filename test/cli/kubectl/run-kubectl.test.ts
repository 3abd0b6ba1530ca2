import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { KubeObject } from '../../../src/apimachinery/object.ts';
import { mustParseTime } from '../../../src/apimachinery/time/time.ts';
import { viewOfObjects } from '../../../src/cli/kubectl/cluster-view.ts';
import { runKubectl } from '../../../src/cli/kubectl/run-kubectl.ts';
import { fileRecord } from '../../../src/planner/apply/kubectl/input/file-record.ts';

const CREATED = '2026-01-01T00:00:00Z';
const NOW = mustParseTime('2026-01-01T00:10:00Z');

function namespaced(kind: string, name: string, rest: Readonly<Record<string, unknown>> = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind,
    metadata: { name, namespace: 'default', creationTimestamp: CREATED },
    ...rest,
  } as KubeObject;
}

const VIEW = viewOfObjects([
  namespaced('ConfigMap', 'settings', { data: { a: '1' } }),
  namespaced('ServiceAccount', 'default'),
  {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'boxes.example.com', creationTimestamp: CREATED },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { kind: 'Box', plural: 'boxes', singular: 'box' },
      versions: [{ name: 'v1', served: true, storage: true, selectableFields: [{ jsonPath: '.spec.size' }] }],
    },
  } as KubeObject,
  { ...namespaced('Box', 'small', { spec: { size: 1 } }), apiVersion: 'example.com/v1' },
  { ...namespaced('Box', 'plain'), apiVersion: 'example.com/v1' },
]);

const CONTEXT = {
  view: VIEW,
  now: NOW,
  files: fileRecord({}),
  env: {},
  cluster: () => {
    throw new Error('nothing here is written');
  },
};

const SETTINGS = 'NAME       DATA   AGE\nsettings   1      10m\n';
const cases: readonly (readonly [string, string, string, number])[] = [
  ['get cm', SETTINGS, '', 0],
  ['get configmaps settings --no-headers', 'settings   1     10m\n', '', 0],
  ['get cm -o name', 'configmap/settings\n', '', 0],
  ['get cm -w', SETTINGS, '', 0],
  ['get cm --watch-only', '', '', 0],
  ['get pods', '', 'No resources found in default namespace.\n', 0],
  ['get pods -A', '', 'No resources found\n', 0],
  ['get cm none', '', 'Error from server (NotFound): configmaps "none" not found\n', 1],
  ['get cm settings none', SETTINGS, 'Error from server (NotFound): configmaps "none" not found\n', 1],
  ['get cm none --ignore-not-found', '', '', 0],
  ['get flurbs', '', 'error: the server doesn\'t have a resource type "flurbs"\n', 1],
  ['get cm --bogus', '', "error: unknown flag: --bogus\nSee 'kubectl get --help' for usage.\n", 1],
  ['get cm -o jsonpath={.items[0].data.a}', '1', '', 0],
  ['get cm -o custom-columns=N:.metadata.name,X:.x', 'N          X\nsettings   <none>\n', '', 0],
  ['get boxes --field-selector spec.size=1 -o name', 'box.example.com/small\n', '', 0],
  ['get boxes --field-selector spec.size= -o name', 'box.example.com/plain\n', '', 0],
  [
    'get boxes --field-selector spec.color=red',
    '',
    'Error from server (BadRequest): Unable to find "example.com/v1, Resource=boxes" that match label selector "", field selector "spec.color=red": field label not supported: spec.color\n',
    1,
  ],
  ['describe cm none', '', 'Error from server (NotFound): configmaps "none" not found\n', 1],
  ['events', '', 'No events found in default namespace.\n', 0],
  ['top nodes', '', 'error: Metrics API not available\n', 1],
];

const kubectl = suite('kubectl on a cluster');
for (const [line, stdout, stderr, exitCode] of cases) {
  kubectl(`${line} answers as kubectl does`, () => {
    assert.equal(runKubectl(line.split(' '), CONTEXT), { stdout, stderr, exitCode });
  });
}
kubectl('get with two types shows kinds and keeps the tables apart', () => {
  const { stdout } = runKubectl(['get', 'cm,sa'], CONTEXT);
  assert.is(
    stdout,
    'NAME                 DATA   AGE\nconfigmap/settings   1      10m\n\nNAME                     AGE\nserviceaccount/default   10m\n',
  );
});
kubectl.run();
