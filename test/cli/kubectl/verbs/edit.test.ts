import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { TestCluster } from '../test-cluster.ts';

const META = { namespace: 'default', creationTimestamp: '2026-01-01T00:00:00Z' };
const CLUSTER = [
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a', labels: { x: '1' }, ...META },
    data: { k: 'v', m: 'w' },
  },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b', labels: { x: '1' }, ...META }, data: { k: 'v' } },
];

interface Case {
  readonly name: string;
  readonly line?: string;
  readonly edit: (text: string) => string;
  readonly says: readonly [stdout: string, stderr: string, exitCode: number];
  readonly data?: string;
}

const cases: readonly Case[] = [
  {
    name: 'what was changed is sent as a patch',
    edit: (text) => text.replace('k: v', 'k: changed'),
    says: ['configmap/a edited\n', '', 0],
    data: '{"k":"changed","m":"w"}',
  },
  {
    name: 'what was taken out goes',
    edit: (text) => text.replace('  m: w\n', ''),
    says: ['configmap/a edited\n', '', 0],
    data: '{"k":"v"}',
  },
  {
    name: 'comments alone change nothing',
    edit: (text) => `${text}# done\n`,
    says: ['', 'Edit cancelled, no changes made.\n', 0],
  },
  {
    name: 'an empty file ends the edit',
    edit: () => '# nothing\n',
    says: ['', 'Edit cancelled, saved file was empty.\n', 0],
  },
  {
    name: 'what makes no difference is skipped',
    edit: (text) => text.replace('k: v', 'k: "v"'),
    says: ['configmap/a skipped\n', '', 0],
  },
  {
    name: 'a new name is another object',
    edit: (text) => text.replace('name: a', 'name: c'),
    says: ['', 'error: At least one of apiVersion, kind and name was changed\n', 1],
  },
  {
    name: 'what is no YAML is told',
    edit: () => 'a: b: c\n',
    says: ['', 'error: the edited file cannot be read: yaml: mapping values are not allowed in this context\n', 1],
  },
  {
    name: 'several objects are edited in one list',
    line: 'edit configmaps -l x=1',
    edit: (text) => text.replaceAll('k: v', 'k: all'),
    says: ['configmap/a edited\nconfigmap/b edited\n', '', 0],
    data: '{"k":"all","m":"w"}',
  },
  {
    name: 'what the server refuses is told',
    edit: (text) => text.replace('k: v', '"bad key": v'),
    says: [
      '',
      "The ConfigMap \"a\" is invalid: data[bad key]: Invalid value: \"bad key\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')\n",
      1,
    ],
    data: '{"k":"v","m":"w"}',
  },
];

const edit = suite('kubectl edit');
for (const { name, line = 'edit configmap a', edit: change, says, data } of cases) {
  edit(name, () => {
    const cluster = new TestCluster(CLUSTER);
    const { stdout, stderr, exitCode } = cluster.kubectl(line, {}, '', change);
    assert.equal([stdout, stderr, exitCode], says);
    if (data !== undefined) assert.is(cluster.look('cm/a {.data}'), data);
  });
}
edit('the editor sees no managed fields', () => {
  let seen = '';
  const cluster = new TestCluster();
  cluster.kubectl('create configmap a --from-literal=k=v');
  cluster.kubectl('edit configmap a', {}, '', (text) => {
    seen = text;
    return text;
  });
  assert.match(seen, /^# .*\napiVersion: v1\ndata:\n {2}k: v\n/s);
  assert.not.match(seen, 'managedFields');
});
edit.run();
