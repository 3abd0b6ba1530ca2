import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { allKinds } from '../../src/schema/kinds.ts';
import { type KubernetesVersion, structLayout, type TypeRef, typeRefOf } from '../../src/schema/layout.ts';

const test = suite('schema layout');

const versions: readonly KubernetesVersion[] = ['1.34', '1.35', '1.36'];

function field(typeId: string, name: string, version: KubernetesVersion = '1.36') {
  const found = structLayout(version, typeId).fields.find((each) => each.jsonName === name);
  if (!found) throw new Error(`${typeId} has no ${name}`);
  return found;
}

test('every struct that a served kind reaches has a layout in every version', () => {
  for (const version of versions) {
    const seen = new Set<string>();
    const visit = (type: TypeRef): void => {
      if (type.kind === 'struct' && !seen.has(type.typeId)) {
        seen.add(type.typeId);
        for (const each of structLayout(version, type.typeId).fields) visit(each.type);
      } else if (type.kind === 'pointer' || type.kind === 'slice' || type.kind === 'map') {
        visit(type.element);
      }
    };
    for (const kind of allKinds(version)) visit(typeRefOf(version, kind.typeId));
    assert.ok(seen.size > 500);
  }
});

test('go names are what %T prints', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['core/v1.ContainerPort', 'protocol', 'v1.Protocol'],
    ['core/v1.PodSpec', 'containers', '[]v1.Container'],
    ['core/v1.PodSpec', 'nodeSelector', 'map[string]string'],
    ['core/v1.PodSpec', 'overhead', 'v1.ResourceList'],
    ['core/v1.PodSpec', 'priority', '*int32'],
    ['core/v1.Secret', 'data', 'map[string][]uint8'],
    ['apps/v1.RollingUpdateDeployment', 'maxSurge', '*intstr.IntOrString'],
    ['meta/v1.ObjectMeta', 'uid', 'types.UID'],
    ['core/v1.ServiceAccount', 'secrets', '[]v1.ObjectReference'],
  ];
  for (const [typeId, name, want] of cases) assert.is(field(typeId, name).type.goName, want, `${typeId} ${name}`);
});

test('fields keep the order of the Go declaration, embedded structs included', () => {
  assert.equal(
    structLayout('1.36', 'core/v1.Volume').fields.map((each) => [each.goName, each.jsonName, each.inline]),
    [
      ['Name', 'name', false],
      ['VolumeSource', '', true],
    ],
  );
});

test('list types, map keys and patch tags of pod ports', () => {
  const ports = field('core/v1.Container', 'ports');
  assert.is(ports.listType, 'map');
  assert.equal(ports.listMapKeys, ['containerPort', 'protocol']);
  assert.is(ports.patchStrategy, 'merge');
  assert.is(ports.patchMergeKey, 'containerPort');
  assert.is(field('core/v1.ContainerPort', 'protocol').default, 'TCP');
});

test('fields of an embedded struct have the list types of the struct that embeds it', () => {
  assert.equal(field('core/v1.EphemeralContainerCommon', 'volumeMounts').listMapKeys, ['mountPath']);
});

test('atomic maps, on the field or on the struct', () => {
  assert.is(field('core/v1.PodSpec', 'nodeSelector').mapType, 'atomic');
  assert.is(structLayout('1.36', 'meta/v1.LabelSelector').mapType, 'atomic');
});

test('a field that only one version has shows in that version alone', () => {
  const has = versions.map((version) =>
    structLayout(version, 'core/v1.PodSpec').fields.some((each) => each.jsonName === 'workloadRef'),
  );
  assert.equal(has, [false, true, false]);
});

test('an unknown struct is an error', () => {
  assert.throws(() => structLayout('1.36', 'core/v1.Bogus'), /Kubernetes 1\.36 has no struct core\/v1\.Bogus/);
});

test.run();
