import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CertificateSigningRequest } from '../../../../src/schema/generated/types/certificates-v1.ts';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const requests = suite('CertificateSigningRequest');

const ADA = `-----BEGIN CERTIFICATE REQUEST-----
MIHIMHACAQAwDjEMMAoGA1UEAwwDYWRhMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD
QgAET/aHrB0LwqKcwoeDx9DGvkqhRxvU5Z1WejSuT4YZ0ACa67NAt/bB/IesgRf/
KDCJMcnZPNekDb8gqowJ6T4qFaAAMAoGCCqGSM49BAMCA0gAMEUCIE4qHBB5OZZY
qtGM9Eft5dDvCYMUukBgJu9RdLcXYwIKAiEA24WTYxwfjPakShZqbMxsi06+OT2q
3tdyKXyKUnIrjrc=
-----END CERTIFICATE REQUEST-----
`;

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function signingRequest(spec: Json, status: Json = {}): Document {
  const whole = { request: base64(ADA), signerName: 'example.com/signer', usages: ['client auth'], ...spec };
  const metadata = { name: 'ada' };
  return { apiVersion: 'certificates.k8s.io/v1', kind: 'CertificateSigningRequest', metadata, spec: whole, status };
}

requests('it is of the user who makes it, undecided', () => {
  const approved = { conditions: [{ type: 'Approved', status: 'True' }] };
  const { object } = new TestServer().create(signingRequest({ username: 'root', uid: '0' }, approved));
  const { spec, status } = object as unknown as CertificateSigningRequest;
  assert.is.not(spec.username, 'root');
  assert.is.not(spec.uid, '0');
  assert.equal(status, {});
});

for (const { name, spec, causes } of [
  {
    name: 'another PEM block is no request',
    spec: { request: base64(ADA.replaceAll('CERTIFICATE REQUEST', 'CERTIFICATE')) },
    causes: [/^spec\.request: Invalid value: .*: PEM block type must be CERTIFICATE REQUEST$/],
  },
  {
    name: 'a signer has a domain and a path',
    spec: { signerName: 'me' },
    causes: [/^spec\.signerName: Invalid value: "me": must be a fully qualified domain and path of the form /],
  },
  {
    name: 'the signer of old has gone',
    spec: { signerName: 'kubernetes.io/legacy-unknown' },
    causes: [/the legacy signerName is not allowed via this API version$/],
  },
  {
    name: 'a usage is known and told once',
    spec: { usages: ['client auth', 'client auth', 'fun'] },
    causes: [/^spec\.usages\[2\]: Unsupported value: "fun"/, /^spec\.usages\[1\]: Duplicate value: "client auth"$/],
  },
  {
    name: 'a certificate lives ten minutes at least',
    spec: { expirationSeconds: 60 },
    causes: [/may not specify a duration less than 600 seconds \(10 minutes\)$/],
  },
]) {
  requests(name, () => {
    const actual = new TestServer().create(signingRequest(spec)).causes;
    assert.is(actual.length, causes.length, actual.join('\n'));
    causes.forEach((cause, i) => {
      assert.match(actual[i]!, cause);
    });
  });
}

function statusOf(conditions: readonly string[], fields: Json = {}): Json {
  return { conditions: conditions.map((type) => ({ type, status: 'True' })), ...fields };
}

requests('only its approval decides, and once for all', () => {
  const server = new TestServer();
  server.create(signingRequest({}));
  const approved = signingRequest({}, statusOf(['Approved']));
  assert.equal(server.update(approved, { subresource: 'status' }).causes, [
    'status.conditions: Forbidden: updates may not add a condition of type "Approved"',
  ]);
  assert.is(server.update(approved, { subresource: 'approval' }).code, 200);
  const both = signingRequest({}, statusOf(['Approved', 'Denied']));
  assert.equal(server.update(both, { subresource: 'approval' }).causes, [
    'status.conditions: Invalid value: "Denied": Approved and Denied conditions are mutually exclusive',
  ]);
  assert.equal(server.update(signingRequest({}), { subresource: 'approval' }).causes, [
    'status.conditions: Forbidden: updates may not remove a condition of type "Approved"',
  ]);
});

requests('a certificate is one, and comes through the status', () => {
  const server = new TestServer();
  server.create(signingRequest({}));
  const answer = (text: string) => signingRequest({}, { certificate: base64(text) });
  assert.equal(server.update(answer('no PEM'), { subresource: 'status' }).causes, [
    'status.certificate: Invalid value: "<certificate data>": must contain at least one CERTIFICATE PEM block',
  ]);
  assert.equal(server.update(answer(ADA), { subresource: 'status' }).causes, [
    'status.certificate: Invalid value: "<certificate data>": only CERTIFICATE PEM blocks are allowed, found "CERTIFICATE REQUEST"',
  ]);
});

requests.run();
