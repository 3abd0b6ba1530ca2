import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const ingresses = suite('Ingress');

const BACKEND = { service: { name: 'web', port: { number: 80 } } };
const PATH = { path: '/', pathType: 'Prefix', backend: BACKEND };

function ingress(spec: Json, metadata: Json = {}): Document {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'i', ...metadata }, spec };
}

function withPaths(...paths: readonly Json[]): Json {
  return { rules: [{ host: 'example.com', http: { paths } }] };
}

ingresses('a path to a service is enough', () => {
  const { code, object, warnings } = new TestServer().create(ingress(withPaths(PATH)));
  assert.is(code, 201);
  assert.is(object.metadata.generation, 1);
  assert.equal(warnings, []);
});

for (const { name, spec, causes } of [
  {
    name: 'it leads somewhere',
    spec: {},
    causes: ['spec: Invalid value: null: either `defaultBackend` or `rules` must be specified'],
  },
  {
    name: 'a path says how it is matched',
    spec: withPaths({ path: '/', backend: BACKEND }),
    causes: ['spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified'],
  },
  {
    name: 'a prefix starts at the root and stays plain',
    spec: withPaths({ ...PATH, path: 'a' }, { ...PATH, path: '/a//b' }),
    causes: [
      'spec.rules[0].http.paths[0].path: Invalid value: "a": must be an absolute path',
      'spec.rules[0].http.paths[1].path: Invalid value: "/a//b": must not contain \'//\'',
    ],
  },
  {
    name: 'a host is a name, not an address',
    spec: { rules: [{ host: '10.0.0.1', http: { paths: [PATH] } }] },
    causes: ['spec.rules[0].host: Invalid value: "10.0.0.1": must be a DNS name, not an IP address'],
  },
  {
    name: 'a backend is a service or an object, not both',
    spec: { defaultBackend: { ...BACKEND, resource: { kind: 'Bucket', name: 'b' } } },
    causes: ['spec.defaultBackend: Invalid value: "": cannot set both resource and service backends'],
  },
  {
    name: 'a port has a name or a number',
    spec: { defaultBackend: { service: { name: 'web', port: { name: 'http', number: 80 } } } },
    causes: ['spec.defaultBackend: Invalid value: "": cannot set both port name & port number'],
  },
]) {
  ingresses(name, () => assert.equal(new TestServer().create(ingress(spec)).causes, causes));
}

ingresses('the class is named once', () => {
  const annotations = { 'kubernetes.io/ingress.class': 'nginx' };
  const spec = { ...withPaths(PATH), ingressClassName: 'other' };
  const server = new TestServer();
  assert.equal(server.create(ingress(spec, { annotations })).causes, [
    'annotations.kubernetes.io/ingress.class: Invalid value: "nginx": must match `ingressClassName` when both are specified',
  ]);
  assert.equal(server.create(ingress(withPaths(PATH), { annotations })).warnings, [
    'annotation "kubernetes.io/ingress.class" is deprecated, please use \'spec.ingressClassName\' instead',
  ]);
});

ingresses('addresses of its status are checked', () => {
  const server = new TestServer();
  server.create(ingress(withPaths(PATH)));
  const status = { loadBalancer: { ingress: [{ ip: 'here' }] } };
  assert.equal(server.update({ ...ingress(withPaths(PATH)), status }, { subresource: 'status' }).causes, [
    'status.loadBalancer.ingress[0].ip: Invalid value: "here": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
  ]);
});

ingresses.run();
