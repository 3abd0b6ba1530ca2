import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { StorageClass } from '../../../../src/schema/generated/types/storage-v1.ts';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const classes = suite('StorageClass');

function storageClass(fields: Json): Document {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 's' },
    provisioner: 'example.com/disk',
    ...fields,
  };
}

classes('volumes are deleted with their claim and bound at once', () => {
  const { reclaimPolicy, volumeBindingMode } = new TestServer().create(storageClass({}))
    .object as unknown as StorageClass;
  assert.is(reclaimPolicy, 'Delete');
  assert.is(volumeBindingMode, 'Immediate');
});

for (const { name, fields, causes } of [
  { name: 'there is a provisioner', fields: { provisioner: '' }, causes: ['provisioner: Required value'] },
  {
    name: 'volumes are kept or deleted',
    fields: { reclaimPolicy: 'Recycle' },
    causes: ['reclaimPolicy: Unsupported value: "Recycle": supported values: "Delete", "Retain"'],
  },
  {
    name: 'parameters have names',
    fields: { parameters: { '': 'x' } },
    causes: ['parameters: Invalid value: "": field can not be empty.'],
  },
]) {
  classes(name, () => assert.equal(new TestServer().create(storageClass(fields)).causes, causes));
}

classes('growth may be allowed later, all else stays', () => {
  const server = new TestServer();
  server.create(storageClass({ parameters: { type: 'ssd' } }));
  const parameters = { type: 'ssd' };
  assert.is(server.update(storageClass({ parameters, allowVolumeExpansion: true })).code, 200);
  assert.equal(server.update(storageClass({ parameters: { type: 'hdd' }, reclaimPolicy: 'Retain' })).causes, [
    'parameters: Invalid value: {"type":"hdd"}: field is immutable',
    'reclaimPolicy: Invalid value: "Retain": field is immutable',
  ]);
});

classes.run();
