import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const attachments = suite('VolumeAttachment');

function attachment(spec: Json, fields: Json = {}): Document {
  const whole = { attacher: 'd.example.com', nodeName: 'n', source: { persistentVolumeName: 'v' }, ...spec };
  return { apiVersion: 'storage.k8s.io/v1', kind: 'VolumeAttachment', metadata: { name: 'a' }, spec: whole, ...fields };
}

for (const { name, spec, causes } of [
  { name: 'it names who attaches', spec: { attacher: '' }, causes: ['spec.attacher: Required value'] },
  {
    name: 'it is about a volume',
    spec: { source: {} },
    causes: ['spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName'],
  },
]) {
  attachments(name, () => assert.equal(new TestServer().create(attachment(spec)).causes, causes));
}

attachments('what is attached where may not change', () => {
  const server = new TestServer();
  const { metadata } = server.create(attachment({})).object;
  const { causes } = server.update(attachment({ nodeName: 'm' }, { metadata: { ...metadata } }));
  assert.match(causes.join(), /^spec: Invalid value: .*: field is immutable$/);
});

attachments('only a write of the status says that it is attached', () => {
  const server = new TestServer();
  const status = { attached: true };
  const created = server.create(attachment({}, { status })).object;
  assert.equal(created['status'], { attached: false });
  const attached = attachment({ nodeName: 'm' }, { status, metadata: { ...created.metadata } });
  const { object } = server.update(attached, { subresource: 'status' });
  assert.equal(object['status'], { attached: true });
  assert.is((object['spec'] as Json)['nodeName'], 'n');
});

attachments.run();
