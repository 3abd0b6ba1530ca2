import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const slices = suite('ResourceSlice');

const GPU = { name: 'gpu0', attributes: { numa: { int: 1 } }, capacity: { mem: { value: '80Gi' } } };

function slice(fields: Json, devices: readonly Json[] = [GPU]): Document {
  const pool = { name: 'n1', generation: 1, resourceSliceCount: 1 };
  const spec = { driver: 'gpu.example.com', nodeName: 'n1', pool, devices, ...fields };
  return { apiVersion: 'resource.k8s.io/v1', kind: 'ResourceSlice', metadata: { name: 's' }, spec };
}

for (const { name, document, causes } of [
  { name: 'devices of a node', document: slice({}), causes: [] },
  {
    name: 'devices are somewhere',
    document: slice({ allNodes: true }),
    causes: [
      'spec: Invalid value: "{`nodeName`, `allNodes`}": exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required, but multiple fields are set',
    ],
  },
  {
    name: 'devices have different names',
    document: slice({}, [GPU, GPU]),
    causes: ['spec.devices[1]: Duplicate value: "gpu0"'],
  },
  {
    name: 'an attribute has one value',
    document: slice({}, [{ ...GPU, attributes: { numa: { int: 1, bool: true } } }]),
    causes: [/^spec\.devices\[0\]\.attributes\[numa\]: Invalid value: .*: exactly one value must be specified$/],
  },
  {
    name: 'a pool has a slice at least',
    document: slice({ pool: { name: 'n1', generation: 1, resourceSliceCount: 0 } }),
    causes: ['spec.pool.resourceSliceCount: Invalid value: 0: must be greater than zero'],
  },
]) {
  slices(name, () => {
    const actual = new TestServer().create(document).causes;
    assert.is(actual.length, causes.length, actual.join('\n'));
    causes.forEach((cause, i) => {
      if (typeof cause === 'string') assert.is(actual[i], cause);
      else assert.match(actual[i]!, cause);
    });
  });
}

slices('the driver and the node may not change', () => {
  const server = new TestServer();
  const { metadata } = server.create(slice({})).object;
  const { causes } = server.update({ ...slice({ nodeName: 'n2' }), metadata: { ...metadata } });
  assert.equal(causes, ['spec.nodeName: Invalid value: "n2": field is immutable']);
});

slices.run();
