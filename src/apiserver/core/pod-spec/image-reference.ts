// Which tag an image reference names, as the pull policy's default wants to know it.
// Behaviour: pkg/util/parsers/parsers.go and github.com/distribution/reference v0.6.0 (normalize.go, regexp.go), Kubernetes v1.36.3.

const DOMAIN_COMPONENT = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const HOST = `(?:${DOMAIN_COMPONENT}(?:\\.${DOMAIN_COMPONENT})*|\\[(?:[a-fA-F0-9:]+)\\])`;
const DOMAIN_AND_PORT = `${HOST}(?::[0-9]+)?`;
const PATH_COMPONENT = '[a-z0-9]+(?:(?:[._]|__|[-]+)[a-z0-9]+)*';
const REMOTE_NAME = `${PATH_COMPONENT}(?:/${PATH_COMPONENT})*`;
const TAG = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}';
const DIGEST = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*[:][0-9A-Fa-f]{32,}';

const referencePattern = new RegExp(`^((?:${DOMAIN_AND_PORT}/)?${REMOTE_NAME})(?::(${TAG}))?(?:@(${DIGEST}))?$`);
const namePattern = new RegExp(`^(?:(${DOMAIN_AND_PORT})/)?(${REMOTE_NAME})$`);
/** The usual reference: lower case, at most a tag, no digest. */
const plainPattern =
  /^[a-z0-9]+(?:[.-][a-z0-9]+)*(?::[0-9]+(?=\/))?(?:\/[a-z0-9]+(?:[._-][a-z0-9]+)*)*(?::([A-Za-z0-9_][A-Za-z0-9_.-]*))?$/;
const identifierPattern = /^[a-f0-9]{64}$/;

const MAX_NAME_LENGTH = 255;
/** Short enough for no length rule to matter. */
const PLAIN_LENGTH = 60;
const DEFAULT_DOMAIN = 'docker.io';
const ENCODED_LENGTH: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/** The tag of an image: `latest` when it has neither tag nor digest, empty when only a digest or when it cannot be parsed. */
export function tagOfImage(image: string): string {
  const plain = image.length <= PLAIN_LENGTH ? plainPattern.exec(image) : null;
  if (plain !== null) return plain[1] ?? 'latest';
  return parse(image) ?? '';
}

function parse(image: string): string | undefined {
  if (identifierPattern.test(image)) return undefined;
  const [domain, remainder] = splitDockerDomain(image);
  const colon = remainder.indexOf(':');
  const remote = colon < 0 ? remainder : remainder.slice(0, colon);
  if (remote.toLowerCase() !== remote) return undefined;
  const match = referencePattern.exec(`${domain}/${remainder}`);
  if (match === null) return undefined;
  const path = namePattern.exec(match[1] ?? '')?.[2] ?? match[1] ?? '';
  if (path.length > MAX_NAME_LENGTH) return undefined;
  const digest = match[3];
  if (digest !== undefined && !isValidDigest(digest)) return undefined;
  return match[2] ?? (digest === undefined ? 'latest' : '');
}

function splitDockerDomain(name: string): readonly [domain: string, remainder: string] {
  const slash = name.indexOf('/');
  if (slash < 0) return [DEFAULT_DOMAIN, `library/${name}`];
  const first = name.slice(0, slash);
  const isDomain = first === 'localhost' || /[.:]/.test(first) || first.toLowerCase() !== first;
  const domain = !isDomain || first === 'index.docker.io' ? DEFAULT_DOMAIN : first;
  const remainder = isDomain ? name.slice(slash + 1) : name;
  return [domain, domain === DEFAULT_DOMAIN && !remainder.includes('/') ? `library/${remainder}` : remainder];
}

function isValidDigest(digest: string): boolean {
  const colon = digest.indexOf(':');
  const encoded = digest.slice(colon + 1);
  return ENCODED_LENGTH[digest.slice(0, colon)] === encoded.length && /^[a-f0-9]+$/.test(encoded);
}

/** The pull policy of an image that says none: a tag `latest`, said or implied, is pulled anew each time. */
export function defaultPullPolicy(image: string | undefined): string {
  return tagOfImage(image ?? '') === 'latest' ? 'Always' : 'IfNotPresent';
}
