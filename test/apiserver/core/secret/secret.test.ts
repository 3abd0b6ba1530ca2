import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const secrets = suite('Secret');

function secret(fields: Json): Document {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, ...fields };
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

secrets('stringData is merged into data', () => {
  const { object } = new TestServer().create(secret({ data: { a: base64('old') }, stringData: { a: 'new', b: 'ü' } }));
  assert.equal(object['data'], { a: base64('new'), b: base64('ü') });
  assert.is(object['stringData'], undefined);
  assert.is(object['type'], 'Opaque');
});

for (const { name, fields, causes } of [
  {
    name: 'a TLS secret has both files',
    fields: { type: 'kubernetes.io/tls', data: { 'tls.crt': '' } },
    causes: ['data[tls.key]: Required value'],
  },
  {
    name: 'basic authentication has one of its fields',
    fields: { type: 'kubernetes.io/basic-auth' },
    causes: ['data[username]: Required value', 'data[password]: Required value'],
  },
  {
    name: 'an SSH key is not empty',
    fields: { type: 'kubernetes.io/ssh-auth', data: { 'ssh-privatekey': '' } },
    causes: ['data[ssh-privatekey]: Required value'],
  },
  {
    name: 'a service account token names its account',
    fields: { type: 'kubernetes.io/service-account-token' },
    causes: ['metadata.annotations[kubernetes.io/service-account.name]: Required value'],
  },
  {
    name: 'a Docker configuration is JSON',
    fields: { type: 'kubernetes.io/dockerconfigjson', stringData: { '.dockerconfigjson': '{' } },
    causes: ['data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": unexpected end of JSON input'],
  },
  {
    name: 'a Docker configuration is an object',
    fields: { type: 'kubernetes.io/dockercfg', stringData: { '.dockercfg': '[]' } },
    causes: [
      'data[.dockercfg]: Invalid value: "<secret contents redacted>": json: cannot unmarshal array into Go value of type map[string]interface {}',
    ],
  },
]) {
  secrets(name, () => assert.equal(new TestServer().create(secret(fields)).causes, causes));
}

secrets('an immutable secret keeps its data, and every secret its type', () => {
  const server = new TestServer();
  server.create(secret({ immutable: true, stringData: { a: 'x' } }));
  assert.equal(server.update(secret({ type: 'other', stringData: { a: 'y' } })).causes, [
    'type: Invalid value: "other": field is immutable',
    'immutable: Forbidden: field is immutable when `immutable` is set',
    'data: Forbidden: field is immutable when `immutable` is set',
  ]);
});

for (const { name, crt, key, warnings } of [
  { name: 'no PEM', crt: 'x', key: 'y', warnings: ['tls: failed to find any PEM data in certificate input'] },
  {
    name: 'a key where the certificate belongs',
    crt: '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
    key: '',
    warnings: [
      'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched',
    ],
  },
  {
    name: 'a certificate where the key belongs',
    crt: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
    key: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
    warnings: ['tls: found a certificate rather than a key in the PEM for the private key'],
  },
  {
    name: 'a certificate that is none',
    crt: '-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n',
    key: '-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n',
    warnings: ['x509: malformed tbs certificate'],
  },
]) {
  secrets(`a warning tells ${name}`, () => {
    const stringData = { 'tls.crt': crt, 'tls.key': key };
    assert.equal(new TestServer().create(secret({ type: 'kubernetes.io/tls', stringData })).warnings, warnings);
  });
}

secrets.run();
