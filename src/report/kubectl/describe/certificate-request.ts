// Describes a certificate signing request, with what the request itself asks for.
// Behaviour: staging/src/k8s.io/kubectl/pkg/describe/describe.go (describeCertificateSigningRequest), pkg/util/certificate,
// crypto/x509 (ParseCertificateRequest), Kubernetes v1.36.3.
import { DerError, type DerValue, derText, derValues, objectIdentifier } from '../../../apimachinery/go/der.ts';
import { pemBlocks } from '../../../apimachinery/go/pem.ts';
import { humanDuration } from '../../../apimachinery/time/duration.ts';
import type { CertificateSigningRequest } from '../../../schema/generated/types/certificates-v1.ts';
import { formatLabels } from '../../../selectors/label-selector.ts';
import { certificateState } from '../get/access.ts';
import { DescribeError, describer, eventsOf, longTime, writeEvents } from './describer.ts';
import type { DescriptionWriter } from './writer.ts';

const TYPE = 'CERTIFICATE REQUEST';
const ERR_TYPE = 'PEM block type must be CERTIFICATE REQUEST';
const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';
const ALTERNATIVE_NAMES = '2.5.29.17';
const ATTRIBUTES = 0xa0;
/** Tags of the kinds of alternative names. */
const NAME_TAGS = { email: 0x81, dns: 0x82, uri: 0x86, ip: 0x87 } as const;

/** Parts of a subject that may stand several times, in the order in which they are shown. */
const LISTS: readonly (readonly [string, string])[] = [
  ['Organization', '2.5.4.10'],
  ['Organizational Unit', '2.5.4.11'],
  ['Country', '2.5.4.6'],
  ['Locality', '2.5.4.7'],
  ['Province', '2.5.4.8'],
  ['StreetAddress', '2.5.4.9'],
  ['PostalCode', '2.5.4.17'],
];

interface Request {
  /** Values of the subject by their identifiers. */
  readonly subject: ReadonlyMap<string, readonly string[]>;
  readonly names: readonly DerValue[];
}

export const describeCertificateSigningRequest = describer<CertificateSigningRequest>((w, object, around) => {
  const { metadata, spec } = object;
  const request = parsed(spec.request);
  w.line(0, 'Name:', metadata.name ?? '');
  w.line(0, 'Labels:', formatLabels(metadata.labels));
  w.line(0, 'Annotations:', formatLabels(metadata.annotations));
  w.line(0, 'CreationTimestamp:', longTime(metadata.creationTimestamp));
  w.line(0, 'Requesting User:', spec.username ?? '');
  if (spec.signerName) w.line(0, 'Signer:', spec.signerName);
  if (spec.expirationSeconds !== undefined)
    w.line(0, 'Requested Duration:', humanDuration(spec.expirationSeconds * 1000));
  w.line(0, 'Status:', certificateState(object));
  writeSubject(w, request);
  writeNames(w, request);
  writeEvents(w, eventsOf(object, around), around);
});

function writeSubject(w: DescriptionWriter, { subject }: Request): void {
  const last = (identifier: string): string => subject.get(identifier)?.at(-1) ?? '';
  w.write(0, 'Subject:\n');
  w.write(0, `\tCommon Name:\t${last('2.5.4.3')}\n`);
  w.write(0, `\tSerial Number:\t${last('2.5.4.5')}\n`);
  for (const [title, identifier] of LISTS) writeList(w, title, subject.get(identifier) ?? []);
}

function writeList(w: DescriptionWriter, title: string, values: readonly string[]): void {
  if (values.length > 0) w.write(0, `\t${title}:\t${values.join('\n\t\t')}\n`);
}

function writeNames(w: DescriptionWriter, { names }: Request): void {
  const of = (tag: number): readonly DerValue[] => names.filter((name) => name.tag === tag);
  if (Object.values(NAME_TAGS).every((tag) => of(tag).length === 0)) return;
  w.write(0, 'Subject Alternative Names:\n');
  writeList(w, 'DNS Names', of(NAME_TAGS.dns).map(derText));
  writeList(w, 'Email Addresses', of(NAME_TAGS.email).map(derText));
  writeList(w, 'URIs', of(NAME_TAGS.uri).map(derText));
  writeList(w, 'IP Addresses', of(NAME_TAGS.ip).map(ipText));
}

function ipText({ content }: DerValue): string {
  if (content.length === 4) return [...content].join('.');
  const groups = Array.from({ length: 8 }, (_, i) => ((content[2 * i] ?? 0) << 8) | (content[2 * i + 1] ?? 0));
  return shortened(groups.map((group) => group.toString(16)));
}

/** The longest run of zeros, the first of several, gives way to `::`. */
function shortened(groups: readonly string[]): string {
  let best = { from: 0, length: 1 };
  for (let from = 0; from < groups.length; from++) {
    let length = 0;
    while (groups[from + length] === '0') length++;
    if (length > best.length) best = { from, length };
  }
  if (best.length < 2) return groups.join(':');
  return `${groups.slice(0, best.from).join(':')}::${groups.slice(best.from + best.length).join(':')}`;
}

/** Throws DescribeError. */
function parsed(encoded: string | null | undefined): Request {
  const fail = (why: string): DescribeError => new DescribeError(`Error parsing CSR: ${why}`);
  const [block] = pemBlocks(encoded ?? '');
  if (block?.type !== TYPE) throw fail(ERR_TYPE);
  try {
    return parseRequest(block.bytes);
  } catch (error) {
    if (error instanceof DerError) throw fail(error.message);
    throw error;
  }
}

function parseRequest(bytes: Uint8Array): Request {
  const [request] = derValues(bytes);
  const [information] = request ? derValues(request.content) : [];
  if (!information) throw new DerError('asn1: syntax error: sequence truncated');
  const [, subject, , ...rest] = derValues(information.content);
  const attributes = rest.find(({ tag }) => tag === ATTRIBUTES);
  return { subject: subjectOf(subject), names: attributes ? alternativeNames(attributes) : [] };
}

function subjectOf(name: DerValue | undefined): Request['subject'] {
  const subject = new Map<string, string[]>();
  for (const set of name ? derValues(name.content) : [])
    for (const pair of derValues(set.content)) {
      const [type, value] = derValues(pair.content);
      if (!type || !value) continue;
      const identifier = objectIdentifier(type);
      subject.set(identifier, [...(subject.get(identifier) ?? []), derText(value)]);
    }
  return subject;
}

function alternativeNames(attributes: DerValue): readonly DerValue[] {
  for (const attribute of derValues(attributes.content)) {
    const [type, values] = derValues(attribute.content);
    if (!type || !values || objectIdentifier(type) !== EXTENSION_REQUEST) continue;
    for (const extensions of derValues(values.content))
      for (const extension of derValues(extensions.content)) {
        const [identifier, ...parts] = derValues(extension.content);
        const [value] = parts.slice(-1);
        if (!identifier || !value || objectIdentifier(identifier) !== ALTERNATIVE_NAMES) continue;
        return derValues(value.content).flatMap(({ content }) => derValues(content));
      }
  }
  return [];
}
