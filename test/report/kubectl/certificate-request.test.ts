import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { KubeObject } from '../../../src/apimachinery/object.ts';
import { describeCertificateSigningRequest } from '../../../src/report/kubectl/describe/certificate-request.ts';
import { DescribeError } from '../../../src/report/kubectl/describe/describer.ts';

const AROUND = { now: Date.parse('2026-01-01T00:00:00Z'), showEvents: true, list: () => [] };

/** A request as DER, as far as it is looked at. */
const value = (tag: number, ...parts: readonly (readonly number[])[]): number[] => {
  const content = parts.flat();
  return [tag, ...(content.length < 128 ? [content.length] : [0x81, content.length]), ...content];
};
const text = (tag: number, content: string): number[] => value(tag, [...Buffer.from(content, 'utf8')]);
const sequence = (...parts: readonly (readonly number[])[]): number[] => value(0x30, ...parts);
const set = (...parts: readonly (readonly number[])[]): number[] => value(0x31, ...parts);
const part = (last: number, content: string): number[] => set(sequence(value(6, [0x55, 4, last]), text(0x0c, content)));
const EXTENSION_REQUEST = value(6, [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 14]);
const ALTERNATIVE_NAMES = value(6, [0x55, 0x1d, 0x11]);

function request(subject: readonly number[], names: readonly number[] | undefined): string {
  const extension = names && sequence(ALTERNATIVE_NAMES, value(4, sequence(names)));
  const attributes = extension ? [value(0xa0, sequence(EXTENSION_REQUEST, set(sequence(extension))))] : [];
  const der = sequence(sequence(value(2, [0]), sequence(subject), sequence(), ...attributes));
  const body = Buffer.from(der).toString('base64');
  return Buffer.from(`-----BEGIN CERTIFICATE REQUEST-----\n${body}\n-----END CERTIFICATE REQUEST-----\n`).toString(
    'base64',
  );
}

const described = (spec: Readonly<Record<string, unknown>>, status: unknown = {}): string =>
  describeCertificateSigningRequest(
    {
      apiVersion: 'certificates.k8s.io/v1',
      kind: 'CertificateSigningRequest',
      metadata: { name: 'csr', creationTimestamp: '2025-12-31T23:00:00Z' },
      spec: { username: 'jane', signerName: 'example.com/s', ...spec },
      status,
    } as unknown as KubeObject,
    AROUND,
  );

const csr = suite('describe certificatesigningrequest');
csr('the subject of the request is read, and how long it is asked for', () => {
  const subject = [...part(3, 'jane'), ...part(10, 'team-a'), ...part(10, 'team-b')];
  assert.is(
    described(
      { request: request(subject, undefined), expirationSeconds: 7200 },
      { conditions: [{ type: 'Denied', status: 'True' }] },
    ),
    [
      'Name:                csr',
      'Labels:              <none>',
      'Annotations:         <none>',
      'CreationTimestamp:   Wed, 31 Dec 2025 23:00:00 +0000',
      'Requesting User:     jane',
      'Signer:              example.com/s',
      'Requested Duration:  120m',
      'Status:              Denied',
      'Subject:',
      '         Common Name:    jane',
      '         Serial Number:  ',
      '         Organization:   team-a',
      '                         team-b',
      'Events:  <none>',
      '',
    ].join('\n'),
  );
});
csr('alternative names are listed by kind', () => {
  const names = [...text(0x82, 'a.example.com'), ...value(0x87, [10, 0, 0, 1]), ...text(0x81, 'a@b.c')];
  const shown = described({ request: request(part(3, 'x'), names) });
  assert.match(shown, /DNS Names: +a\.example\.com\n +Email Addresses: +a@b\.c\n +IP Addresses: +10\.0\.0\.1\n/);
});
csr('an address of version 6 is shortened at its longest run of zeros', () => {
  const address = [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
  assert.match(described({ request: request(part(3, 'x'), value(0x87, address)) }), /IP Addresses: +2001:db8::1\n/);
});
csr('what is no request is refused', () => {
  assert.throws(
    () => described({ request: 'YQ==' }),
    (error: unknown) =>
      error instanceof DescribeError &&
      error.message === 'Error parsing CSR: PEM block type must be CERTIFICATE REQUEST',
  );
});
csr.run();
