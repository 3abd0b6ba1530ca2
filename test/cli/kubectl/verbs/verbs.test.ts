import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { TestCluster } from '../test-cluster.ts';

const META = { namespace: 'default', creationTimestamp: '2026-01-01T00:00:00Z' };
const TEMPLATE = {
  metadata: { labels: { app: 'web' } },
  spec: {
    containers: [
      { name: 'app', image: 'nginx:1', ports: [{ containerPort: 80 }] },
      { name: 'side', image: 'b' },
    ],
  },
};
const CLUSTER = [
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', uid: 'u-web', labels: { app: 'web' }, ...META },
    spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template: TEMPLATE },
  },
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'settings', labels: { a: '1' }, ...META },
    data: { k: 'v' },
  },
  { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1', creationTimestamp: META.creationTimestamp } },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'lone', labels: { app: 'lone' }, ...META },
    spec: { nodeName: 'n1', containers: [{ name: 'c', image: 'i' }] },
    status: { phase: 'Running' },
  },
  { apiVersion: 'v1', kind: 'Service', metadata: { name: 'front', ...META }, spec: { ports: [{ port: 80 }] } },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'readers', ...META },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
    subjects: [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'g' }],
  },
];

interface Case {
  readonly line: string | readonly string[];
  readonly stdout?: string;
  readonly stderr?: string;
  /** An object and a path into it, and what stands there afterwards. */
  readonly look?: string;
  readonly is?: string;
}

const cases: readonly Case[] = [
  {
    line: 'scale deploy/web --replicas=5',
    stdout: 'deployment.apps/web scaled\n',
    look: 'deploy/web {.spec.replicas}',
    is: '5',
  },
  {
    line: 'scale deploy/web --replicas=5 --dry-run=server',
    stdout: 'deployment.apps/web scaled (server dry run)\n',
    look: 'deploy/web {.spec.replicas}',
    is: '2',
  },
  {
    line: 'scale deploy/web --replicas=5 --current-replicas=9',
    stderr: 'error: Expected replicas to be 9, was 2\n',
    look: 'deploy/web {.spec.replicas}',
    is: '2',
  },
  {
    line: 'scale deploy/web --replicas=x',
    stderr: 'error: invalid argument "x" for "--replicas" flag: strconv.ParseInt: parsing "x": invalid syntax\n',
  },
  {
    line: 'set image deploy/web app=nginx:2',
    stdout: 'deployment.apps/web image updated\n',
    look: 'deploy/web {.spec.template.spec.containers[*].image}',
    is: 'nginx:2 b',
  },
  { line: 'set image deploy/web nope=nginx:2', stderr: 'error: unable to find container named "nope"\n' },
  {
    line: 'set env deploy/web -c app A=1 B=2',
    stdout: 'deployment.apps/web env updated\n',
    look: 'deploy/web {.spec.template.spec.containers[*].env}',
    is: '[{"name":"A","value":"1"},{"name":"B","value":"2"}]',
  },
  {
    line: 'set resources deploy/web --limits=cpu=1,memory=1Gi',
    stdout: 'deployment.apps/web resource requirements updated\n',
    look: 'deploy/web {.spec.template.spec.containers[1].resources.limits}',
    is: '{"cpu":"1","memory":"1Gi"}',
  },
  {
    line: 'label cm settings a- b=2',
    stdout: 'configmap/settings modified\n',
    look: 'cm/settings {.metadata.labels}',
    is: '{"b":"2"}',
  },
  {
    line: 'label cm settings a=2',
    stderr: "error: 'a' already has a value (1), and --overwrite is false\n",
    look: 'cm/settings {.metadata.labels}',
    is: '{"a":"1"}',
  },
  {
    line: ['annotate', 'deploy/web', 'note=hello world'],
    stdout: 'deployment.apps/web annotated\n',
    look: 'deploy/web {.metadata.annotations.note}',
    is: 'hello world',
  },
  {
    line: ['patch', 'deploy', 'web', '-p', '{"spec":{"paused":true}}'],
    stdout: 'deployment.apps/web patched\n',
    look: 'deploy/web {.spec.paused}',
    is: 'true',
  },
  {
    line: ['patch', 'deploy', 'web', '-p', '{"spec":{"replicas":2}}'],
    stdout: 'deployment.apps/web patched (no change)\n',
  },
  {
    line: ['patch', 'deploy', 'web', '-p', '{bad'],
    stderr: "Error from server (BadRequest): invalid character 'b' looking for beginning of object key string\n",
  },
  {
    line: ['patch', 'deploy', 'web', '-p', '{"spec":{"replicas":7}}', '--dry-run=client'],
    stdout: 'deployment.apps/web patched\n',
    look: 'deploy/web {.spec.replicas}',
    is: '2',
  },
  {
    line: ['patch', 'deploy', 'web', '-p', '{"spec":{"replicas":7}}', '--dry-run=server'],
    stdout: 'deployment.apps/web patched\n',
  },
  {
    line: ['patch', 'cm', 'settings', '--type=json', '-p', '[{"op":"remove","path":"/no/x"}]', '--dry-run=client'],
    stderr: 'error: remove operation does not apply: doc is missing path: "/no/x": missing value\n',
  },
  {
    line: 'label cm settings x=y --dry-run=client -o wide',
    stderr:
      'error: unable to match a printer suitable for the output format "wide", allowed formats are: go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,yaml\n',
  },
  { line: 'label cm settings b=2 a- --list', stdout: 'b=2\n', look: 'cm/settings {.metadata.labels}', is: '{"a":"1"}' },
  { line: 'label cm settings --list -o name', stderr: 'error: --list and --output may not be specified together\n' },
  {
    line: 'label pods --all bad key=1',
    stderr: 'Error from server (NotFound): pods "bad" not found\n',
  },
  { line: 'delete cm settings none --dry-run=client -o name', stdout: 'configmap/settings\nconfigmap/none\n' },
  {
    line: 'autoscale pod lone --max=3 -o wide',
    stderr:
      'error: cannot autoscale a Pod: could not find scale subresource for /v1, Resource=pods in discovery information\n',
  },
  {
    line: 'rollout history deploy/web --watch',
    stderr: "error: unknown flag: --watch\nSee 'kubectl rollout history --help' for usage.\n",
  },
  {
    line: 'rollout status cm/settings pod/lone',
    stderr: 'no status viewer has been implemented for ConfigMap\nno status viewer has been implemented for Pod\n',
  },
  { line: 'get pods --show-labels -o yaml', stderr: 'error: --show-labels option cannot be used with yaml printer\n' },
  {
    line: 'expose deploy web --port=80,81',
    stdout: 'service/web exposed\n',
    look: 'svc/web {.spec.ports[*].name}',
    is: 'port-1 port-2',
  },
  {
    line: 'rollout restart deploy/web',
    stdout: 'deployment.apps/web restarted\n',
    look: 'deploy/web {.spec.template.metadata.annotations}',
    is: '{"kubectl.kubernetes.io/restartedAt":"2026-01-01T00:10:00Z"}',
  },
  {
    line: 'rollout pause deploy/web',
    stdout: 'deployment.apps/web paused\n',
    look: 'deploy/web {.spec.paused}',
    is: 'true',
  },
  { line: 'rollout resume deploy/web', stderr: 'error: deployments.apps "web" is not paused\n' },
  {
    line: 'rollout undo deploy/web',
    stderr: 'error: no rollout history found for deployment "web"\n',
  },
  {
    line: 'cordon n1',
    stdout: 'node/n1 cordoned\n',
    look: 'node/n1 {.spec.unschedulable}',
    is: 'true',
  },
  {
    line: 'drain n1 --force',
    stdout: 'node/n1 cordoned\nevicting pod default/lone\npod/lone evicted\nnode/n1 drained\n',
    stderr: 'Warning: deleting Pods that declare no controller: default/lone\n',
    look: 'pod/lone {.metadata.deletionGracePeriodSeconds}',
    is: '30',
  },
  {
    line: 'taint nodes n1 k=v:NoSchedule',
    stdout: 'node/n1 tainted\n',
    look: 'node/n1 {.spec.taints}',
    is: '[{"effect":"NoSchedule","key":"k","value":"v"}]',
  },
  {
    line: 'expose deploy/web',
    stdout: 'service/web exposed\n',
    look: 'svc/web {.spec.ports}',
    is: '[{"port":80,"protocol":"TCP","targetPort":80}]',
  },
  {
    line: 'autoscale deploy web --max=5 --cpu=70%',
    stdout: 'horizontalpodautoscaler.autoscaling/web autoscaled\n',
    look: 'hpa/web {.spec.metrics[0].resource.target}',
    is: '{"averageUtilization":70,"type":"Utilization"}',
  },
  {
    line: 'run shell --image=busybox -- sleep 1',
    stdout: 'pod/shell created\n',
    look: 'pod/shell {.spec.containers[0].args}',
    is: '["sleep","1"]',
  },
  { line: 'run shell --image=Bad', stderr: 'error: Invalid image name "Bad": invalid reference format\n' },
  {
    line: 'create secret generic s --from-literal=p=x',
    stdout: 'secret/s created\n',
    look: 'secret/s {.data}',
    is: '{"p":"eA=="}',
  },
  {
    line: 'create ingress i --rule=a.example.com/*=svc:80,tls=cert',
    stdout: 'ingress.networking.k8s.io/i created\n',
    look: 'ingress/i {.spec}',
    is: '{"rules":[{"host":"a.example.com","http":{"paths":[{"backend":{"service":{"name":"svc","port":{"number":80}}},"path":"/","pathType":"Prefix"}]}}],"tls":[{"hosts":["a.example.com"],"secretName":"cert"}]}',
  },
  { line: 'create deployment x', stderr: 'error: required flag(s) "image" not set\n' },
  {
    line: 'create configmap',
    stderr: "error: exactly one NAME is required, got 0\nSee 'kubectl create configmap -h' for help and examples\n",
  },
  {
    line: 'set env deploy/web -c app --from=configmap/settings --prefix=APP_',
    stdout: 'deployment.apps/web env updated\n',
    stderr: 'Warning: key k transferred to K\n',
    look: 'deploy/web {.spec.template.spec.containers[0].env}',
    is: '[{"name":"APP_K","valueFrom":{"configMapKeyRef":{"key":"k","name":"settings"}}}]',
  },
  {
    line: 'set env deploy/web -c app --from=configmap/settings --list --resolve',
    stdout: '# Deployment web, container app\nK=v\n',
    stderr: 'Warning: key k transferred to K\n',
  },
  {
    line: 'set env deploy/web --keys=k',
    stderr: 'error: when specifying --keys, a configmap or secret must be provided with --from\n',
  },
  { line: 'set env deploy/web --from=deploy/web', stderr: 'error: unsupported resource specified in --from\n' },
  {
    line: 'set selector service front app=web,tier=front',
    stdout: 'service/front selector updated\n',
    look: 'svc/front {.spec.selector}',
    is: '{"app":"web","tier":"front"}',
  },
  {
    line: 'set selector deploy/web app=web',
    stderr: 'error: setting a selector is only supported for Services\n',
  },
  {
    line: 'set subject rolebinding readers --group=g --user=jane --serviceaccount=:robot',
    stdout: 'rolebinding.rbac.authorization.k8s.io/readers subjects updated\n',
    look: 'rolebinding/readers {.subjects[*].name}',
    is: 'g jane robot',
  },
  {
    line: 'set subject rolebinding readers',
    stderr: 'error: you must specify at least one value of user, group or serviceaccount\n',
  },
  {
    line: ['run', 'q', '--image=i', '--overrides', '{"spec":{"nodeName":"n1"}}'],
    stdout: 'pod/q created\n',
    look: 'pod/q {.spec.nodeName} {.spec.containers[0].image}',
    is: 'n1 i',
  },
  { line: 'run q --image=i --overrides={', stderr: 'error: Invalid JSON Patch\n' },
  {
    line: 'get deploy web --subresource=scale -o yaml',
    stdout:
      'apiVersion: autoscaling/v1\nkind: Scale\nmetadata:\n  creationTimestamp: "2026-01-01T00:00:00Z"\n  name: web\n  namespace: default\n  resourceVersion: "2"\n  uid: u-web\nspec:\n  replicas: 2\nstatus:\n  replicas: 0\n  selector: app=web\n',
  },
  {
    line: 'get deploy --subresource=scale',
    stderr: 'error: subresource cannot be used when bulk resources are specified\n',
  },
  {
    line: 'get cm settings --subresource=status',
    stderr: 'Error from server (NotFound): the server could not find the requested resource\n',
  },
  { line: 'get svc front --server-print=false', stdout: 'NAME    AGE\nfront   10m\n' },
  {
    line: 'create token default',
    stderr:
      'error: kubeplan cannot create a token: the API server signs it with a key that no description of a cluster holds\n',
  },
  { line: 'create -f none.yaml', stderr: 'error: the path "none.yaml" does not exist\n' },
  {
    line: 'delete cm settings',
    stdout: 'configmap "settings" deleted from default namespace\n',
    look: 'cm/settings {.data}',
    is: '',
  },
  { line: 'delete deploy', stderr: 'error: resource(s) were provided, but no name was specified\n' },
  {
    line: 'delete cm a b',
    stderr:
      'Error from server (NotFound): configmaps "a" not found\nError from server (NotFound): configmaps "b" not found\n',
  },
  { line: 'frobnicate', stderr: 'error: kubectl frobnicate is not built in kubeplan\n' },
];

const verbs = suite('kubectl verbs on a server');
for (const { line, stdout = '', stderr = '', look, is } of cases) {
  verbs(`${typeof line === 'string' ? line : line.join(' ')} does and says what kubectl does`, () => {
    const cluster = new TestCluster(CLUSTER);
    const isFailure = stdout === '';
    assert.equal(cluster.kubectl(line), { stdout, stderr, exitCode: isFailure ? 1 : 0 });
    if (look !== undefined) assert.is(cluster.look(look), is);
  });
}
verbs('objects in files are created, and named by -f for other verbs', () => {
  const cluster = new TestCluster();
  const files = { 'cm.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\n' };
  assert.is(cluster.kubectl('create -f cm.yaml', files).stdout, 'configmap/one created\n');
  assert.is(cluster.kubectl('label -f cm.yaml x=1', files).stdout, 'configmap/one labeled\n');
  assert.is(cluster.look('cm/one {.metadata.labels}'), '{"x":"1"}');
  assert.is(cluster.kubectl('delete -f cm.yaml', files).stdout, 'configmap "one" deleted from default namespace\n');
});
for (const [format, expected] of [
  ['jsonpath={.data.a}', '<b>'],
  ['go-template={{.kind}}', 'ConfigMap'],
  ['kyaml', '---\n{\n  apiVersion: "v1",\n  data: {\n    a: "<b>",\n  },\n  kind: "ConfigMap",\n'],
  ['json', '{\n    "apiVersion": "v1",\n    "data": {\n        "a": "\\u003cb\\u003e"\n'],
] as const) {
  verbs(`what apply -f made is printed as ${format}`, () => {
    const files = { 'cm.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\ndata: {a: <b>}\n' };
    const { stdout } = new TestCluster().kubectl(['create', '-f', 'cm.yaml', '-o', format], files);
    assert.is(stdout.slice(0, expected.length), expected);
  });
}
for (const [metadata, wrong] of [
  ['{name: 5}', 'number into Go struct field ObjectMeta.metadata.name of type string'],
  ['[]', 'array into Go struct field metadataOnlyObject.metadata of type v1.ObjectMeta'],
  [
    '{name: q, ownerReferences: [{name: 5}]}',
    'number into Go struct field OwnerReference.metadata.ownerReferences.name of type string',
  ],
] as const) {
  verbs(`metadata of a wrong type is told with the innermost struct: ${metadata}`, () => {
    const files = { 'cm.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: ${metadata}\n` };
    const { stderr } = new TestCluster().kubectl('create -f cm.yaml', files);
    assert.is(stderr, `error: unable to decode "cm.yaml": json: cannot unmarshal ${wrong}\n`);
  });
}
verbs('an object that is only shown has the structs that Go writes', () => {
  const { stdout } = new TestCluster().kubectl('create deployment d --image=nginx --dry-run=client -o yaml');
  assert.match(stdout, / {2}strategy: \{\}\n/);
  assert.match(stdout, / {8}resources: \{\}\nstatus: \{\}\n$/);
});
verbs.run();
