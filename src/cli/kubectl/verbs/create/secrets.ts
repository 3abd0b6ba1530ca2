// `kubectl create secret generic|docker-registry|tls`.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/create/create_secret{,_docker,_tls}.go, Kubernetes v1.36.3.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { goMarshal, goStruct } from '../../../../apimachinery/go/json.ts';
import { goQuote } from '../../../../apimachinery/go/quote.ts';
import type { JsonMap } from '../../../../apimachinery/json.ts';
import { isConfigMapKey } from '../../../../apimachinery/validation/names.ts';
import type { KubectlContext } from '../../context.ts';
import { KubectlError } from '../../outcome.ts';
import { hashedName } from './content-hash.ts';
import { CREATE_FLAGS } from './create-flags.ts';
import { type Generator, type GeneratorInput, sliceFlag } from './generator.ts';
import { fromEnvFile, fromFile, type KeyValue, literal } from './key-values.ts';

const FAILURE = 'failed to create secret ';
const DOCKER_CONFIG = '.dockerconfigjson';
const ERR_ENV_FILE = 'from-env-file cannot be combined with from-file or from-literal';
const ERR_DOCKER =
  'either --from-file or the combination of --docker-username, --docker-password and --docker-server is required';

class SecretData {
  readonly data: Record<string, string> = {};

  add({ key, value }: KeyValue): void {
    const errors = isConfigMapKey(key);
    if (errors.length > 0)
      throw new KubectlError(`${goQuote(key)} is not valid key name for a Secret ${errors.join(';')}`);
    if (Object.hasOwn(this.data, key))
      throw new KubectlError(`cannot add key ${key}, another key by that name already exists`);
    this.data[key] = Buffer.from(value, 'utf8').toString('base64');
  }
}

function secret({ name, given }: GeneratorInput, type: string, { data }: SecretData): JsonMap {
  const object = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name },
    ...(Object.keys(data).length > 0 ? { data } : {}),
    ...(type === '' ? {} : { type }),
  };
  return given.flag('append-hash') ? hashedName(object, { kind: 'Secret', type, name, data }) : object;
}

export const genericSecret: Generator = {
  flags: CREATE_FLAGS.genericSecret,
  failure: FAILURE,
  build(input) {
    const { given, context } = input;
    const envFiles = sliceFlag(given, 'from-env-file');
    if (envFiles.length > 0 && (given.has('from-file') || given.has('from-literal')))
      throw new KubectlError(ERR_ENV_FILE);
    const data = new SecretData();
    for (const source of given.list('from-literal')) data.add(literal(source));
    for (const source of sliceFlag(given, 'from-file')) for (const one of fromFile(source, context)) data.add(one);
    for (const path of envFiles) for (const one of fromEnvFile(path, 'secret', context)) data.add(one);
    return secret(input, given.value('type') ?? '', data);
  },
};

export const dockerSecret: Generator = {
  flags: CREATE_FLAGS.dockerSecret,
  failure: FAILURE,
  build(input) {
    const { given, context } = input;
    const files = sliceFlag(given, 'from-file').map((file) => (file.includes('=') ? file : `${DOCKER_CONFIG}=${file}`));
    const username = given.value('docker-username') ?? '';
    const password = given.value('docker-password') ?? '';
    const email = given.value('docker-email') ?? '';
    const server = given.value('docker-server') ?? 'https://index.docker.io/v1/';
    if (files.length === 0 && (username === '' || password === '' || server === '')) throw new KubectlError(ERR_DOCKER);
    const data = new SecretData();
    for (const file of files) for (const one of fromFile(file, context)) data.add(one);
    if (files.length === 0) {
      const auth = Buffer.from(`${username}:${password}`, 'utf8').toString('base64');
      const entry = goStruct({ username, password, ...(email === '' ? {} : { email }), auth });
      data.add({ key: DOCKER_CONFIG, value: goMarshal({ auths: { [server]: entry } }) });
    }
    return secret(input, 'kubernetes.io/dockerconfigjson', data);
  },
};

export const tlsSecret: Generator = {
  flags: CREATE_FLAGS.tlsSecret,
  failure: FAILURE,
  build(input) {
    const { given, context } = input;
    const cert = given.value('cert') ?? '';
    const key = given.value('key') ?? '';
    if (cert === '' || key === '') throw new KubectlError('key and cert must be specified');
    const data = new SecretData();
    const pair = { cert: contentOf(cert, context), key: contentOf(key, context) };
    checkPair(pair);
    data.add({ key: 'tls.crt', value: pair.cert });
    data.add({ key: 'tls.key', value: pair.key });
    return secret(input, 'kubernetes.io/tls', data);
  },
};

function contentOf(path: string, { files }: KubectlContext): string {
  if (files.kind(path) === 'missing')
    throw new KubectlError(`Cannot read file ${path}, open ${path}: no such file or directory`);
  return files.read(path);
}

/** Whether the two belong together. */
function checkPair({ cert, key }: { readonly cert: string; readonly key: string }): void {
  if (!cert.includes('-----BEGIN')) throw new KubectlError('tls: failed to find any PEM data in certificate input');
  if (!key.includes('-----BEGIN')) throw new KubectlError('tls: failed to find any PEM data in key input');
  const certificate = attempt(() => new X509Certificate(cert), 'x509: malformed certificate');
  const privateKey = attempt(() => createPrivateKey(key), 'tls: failed to parse private key');
  if (!certificate.checkPrivateKey(privateKey)) throw new KubectlError('tls: private key does not match public key');
}

function attempt<T>(read: () => T, message: string): T {
  try {
    return read();
  } catch {
    throw new KubectlError(message);
  }
}
