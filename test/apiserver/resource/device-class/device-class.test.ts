import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const classes = suite('DeviceClass');

function deviceClass(spec: Json): Document {
  return { apiVersion: 'resource.k8s.io/v1', kind: 'DeviceClass', metadata: { name: 'gpu.example.com' }, spec };
}

for (const { name, spec, causes } of [
  {
    name: 'a selector has an expression',
    spec: { selectors: [{}] },
    causes: ['spec.selectors[0].cel: Required value'],
  },
  {
    name: 'a configuration is for a driver',
    spec: { config: [{ opaque: { driver: 'a_b', parameters: {} } }] },
    causes: [/^spec\.config\[0\]\.opaque\.driver: Invalid value: "a_b": a lowercase RFC 1123 subdomain must consist/],
  },
  {
    name: 'an extended resource has a domain',
    spec: { extendedResourceName: 'cpu' },
    causes: [/^spec\.extendedResourceName: Invalid value: "cpu"/],
  },
]) {
  classes(name, () => {
    const actual = new TestServer().create(deviceClass(spec)).causes;
    assert.is(actual.length, causes.length, actual.join('\n'));
    causes.forEach((cause, i) => {
      if (typeof cause === 'string') assert.is(actual[i], cause);
      else assert.match(actual[i]!, cause);
    });
  });
}

classes('a change counts the generation up', () => {
  const server = new TestServer();
  server.create(deviceClass({}));
  const config = [{ opaque: { driver: 'gpu.example.com', parameters: { a: 1 } } }];
  assert.is(server.update(deviceClass({ config })).object.metadata.generation, 2);
});

classes.run();
