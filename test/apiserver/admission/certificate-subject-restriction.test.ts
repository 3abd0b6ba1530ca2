import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { certificateSubjectRestriction } from '../../../src/apiserver/admission/certificate-subject-restriction/certificate-subject-restriction.ts';
import { organizationsOf } from '../../../src/apiserver/admission/certificate-subject-restriction/request-subject.ts';
import { ask } from './ask.ts';

/** openssl req -new -subj "/O=dev/O=system:masters/CN=jane" with a P-256 key, base64. */
const MASTERS =
  'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIeE1JR1lBZ0VBTURZeEREQUtCZ05WQkFvTUEyUmxkakVYTUJVR0ExVUVDZ3dPYzNsemRHVnRPbTFoYzNSbApjbk14RFRBTEJnTlZCQU1NQkdwaGJtVXdXVEFUQmdjcWhrak9QUUlCQmdncWhrak9QUU1CQndOQ0FBUzdiY1ZLCjgvV1Y4RjFPTWdJL1IvWFllbXhEbWc2VjViYUppeTlVZmJnRm5BaFVkazZKUkJqZ0duWG9EdWRUMUZDOEtqRWEKT1hpMHNacSt5dVZ0Q0llV29BQXdDZ1lJS29aSXpqMEVBd0lEU0FBd1JRSWhBTjFXQUJsSDZZZE1NLzFwS2toTQpmbjlaWXBsT1NuRHNDcXowUmhhSktHRzBBaUF3Z3hWQVovM0lWeFNZTm93ZnUxSldNZ09UTHkxc25zcGRMdS9iClhMRzNMQT09Ci0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo=';
const DEVELOPERS =
  'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIWU1IOENBUUF3SFRFTU1Bb0dBMVVFQ2d3RFpHVjJNUTB3Q3dZRFZRUUREQVJxWVc1bE1Ga3dFd1lIS29aSQp6ajBDQVFZSUtvWkl6ajBEQVFjRFFnQUV1MjNGU3ZQMWxmQmRUaklDUDBmMTJIcHNRNW9PbGVXMmlZc3ZWSDI0CkJad0lWSFpPaVVRWTRCcDE2QTduVTlSUXZDb3hHamw0dExHYXZzcmxiUWlIbHFBQU1Bb0dDQ3FHU000OUJBTUMKQTBrQU1FWUNJUUN4aVU3Y2ZXazZqQk9GMlpQQ1E1Q2ZxckhKUktDSUw3N1pVekc2c0k5b3FnSWhBUFBNZHZsMwpPWW9LMi9RTlQ5WVU2VHc5bGErMDBPUENkYVY2SmhWV05tVmQKLS0tLS1FTkQgQ0VSVElGSUNBVEUgUkVRVUVTVC0tLS0tCg==';
const CLIENT = 'kubernetes.io/kube-apiserver-client';

const requests = suite('CertificateSubjectRestriction');

requests('organizations are read from the request', () => {
  assert.equal(organizationsOf(MASTERS), ['dev', 'system:masters']);
  assert.equal(organizationsOf(DEVELOPERS), ['dev']);
});

for (const text of ['', 'AAAA', DEVELOPERS.slice(0, 120), MASTERS.slice(0, 200)])
  requests(`a text cut short (${text.length}) names nobody`, () => assert.equal(organizationsOf(text), []));

for (const { name, signerName, request, want } of [
  { name: 'masters from the client signer', signerName: CLIENT, request: MASTERS, want: true },
  { name: 'others from the client signer', signerName: CLIENT, request: DEVELOPERS, want: false },
  { name: 'masters from another signer', signerName: 'example.com/signer', request: MASTERS, want: false },
])
  requests(`${name} ${want ? 'are refused' : 'pass'}`, () => {
    const object = {
      apiVersion: 'certificates.k8s.io/v1',
      kind: 'CertificateSigningRequest',
      metadata: { name: 'jane' },
      spec: { signerName, request },
    };
    const { refused } = ask(certificateSubjectRestriction, { object });
    const text = `use of ${CLIENT} signer with system:masters group is not allowed`;
    assert.is(
      refused,
      want ? `certificatesigningrequests.certificates.k8s.io "jane" is forbidden: ${text}` : undefined,
    );
  });

requests.run();
