// `kubectl create service clusterip|nodeport|loadbalancer|externalname` and `create ingress`.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/create/create_{service,ingress}.go, Kubernetes v1.36.3.
import { goQuote } from '../../../../apimachinery/go/quote.ts';
import type { JsonMap } from '../../../../apimachinery/json.ts';
import { isDns1123Subdomain, isValidPortName, isValidPortNum } from '../../../../apimachinery/validation/names.ts';
import type { FlagSpecs } from '../../arguments.ts';
import { KubectlError } from '../../outcome.ts';
import { integerFlag } from '../scale.ts';
import { CREATE_FLAGS } from './create-flags.ts';
import { type Generator, type GeneratorInput, sliceFlag } from './generator.ts';

export const clusterIpService = service('ClusterIP', CREATE_FLAGS.clusterIpService);
export const nodePortService = service('NodePort', CREATE_FLAGS.nodePortService);
export const loadBalancerService = service('LoadBalancer', CREATE_FLAGS.loadBalancerService);
export const externalNameService = service('ExternalName', CREATE_FLAGS.externalNameService, ['external-name']);

function service(type: string, flags: FlagSpecs, required: readonly string[] = []): Generator {
  return { flags, required, failure: `failed to create ${type} service: `, build: (input) => build(type, input) };
}

function build(type: string, { given, name }: GeneratorInput): JsonMap {
  const tcp = sliceFlag(given, 'tcp');
  const clusterIP = given.value('clusterip') ?? '';
  const externalName = given.value('external-name') ?? '';
  if (clusterIP !== 'None' && tcp.length === 0 && type !== 'ExternalName')
    throw new KubectlError('at least one tcp port specifier must be provided');
  if (type === 'ExternalName' && isDns1123Subdomain(externalName).length > 0)
    throw new KubectlError(`invalid service external name ${externalName}`);
  const nodePort = integerFlag(given, 'node-port', 0);
  const ports = tcp.map((text) => ({
    name: text.replaceAll(':', '-'),
    protocol: 'TCP',
    ...portsOf(text),
    ...(nodePort === 0 ? {} : { nodePort }),
  }));
  const labels = { app: name };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, labels },
    spec: {
      type,
      selector: labels,
      ...(ports.length > 0 ? { ports } : {}),
      ...(externalName === '' ? {} : { externalName }),
      ...(clusterIP === '' ? {} : { clusterIP }),
    },
  };
}

function portsOf(text: string): { readonly port: number; readonly targetPort: number | string } {
  const [first = '', target] = text.split(':');
  const port = parsePort(first);
  if (target === undefined) return { port, targetPort: port };
  const isNumber = /^[+-]?\d+$/.test(target);
  const errors = isNumber ? isValidPortNum(Number(target)) : isValidPortName(target);
  if (errors.length > 0) throw new KubectlError(errors.join(','));
  return { port, targetPort: isNumber ? Number(target) : target };
}

function parsePort(text: string): number {
  const fail = (why: string): KubectlError => new KubectlError(`strconv.ParseUint: parsing ${goQuote(text)}: ${why}`);
  if (!/^\d+$/.test(text)) throw fail('invalid syntax');
  if (Number(text) > 65535) throw fail('value out of range');
  return Number(text);
}

const RULE = /^[\w*\-.]*\/.*=[\w-]+:[\w-]+(?:,tls=?(?:[\w-]+)?)?/;
const ERR_NOTHING =
  'not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)';

export const ingress: Generator = {
  flags: CREATE_FLAGS.ingress,
  failure: 'failed to create ingress: ',
  build({ given, name }) {
    const rules = given.list('rule');
    const backend = given.value('default-backend') ?? '';
    const ingressClass = given.value('class') ?? '';
    if (backend === '' && rules.length === 0) throw new KubectlError(ERR_NOTHING);
    for (const rule of rules)
      if (!RULE.test(rule))
        throw new KubectlError(
          `rule ${rule} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]`,
        );
    const annotations = given.list('annotation').map((text) => {
      const equals = text.indexOf('=');
      if (equals < 0) throw new KubectlError(`annotation ${text} is invalid and should be in format key=[value]`);
      return [text.slice(0, equals), text.slice(equals + 1)] as const;
    });
    if (backend !== '' && backend.split(':').length !== 2)
      throw new KubectlError('default-backend should be in format servicename:serviceport');
    const tls = tlsOf(rules);
    return {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name, ...(annotations.length > 0 ? { annotations: Object.fromEntries(annotations) } : {}) },
      spec: {
        ...(ingressClass === '' ? {} : { ingressClassName: ingressClass }),
        ...(backend === '' ? {} : { defaultBackend: backendOf(backend) }),
        ...(tls.length > 0 ? { tls } : {}),
        ...(rules.length > 0 ? { rules: rulesOf(rules) } : {}),
      },
    };
  },
};

function backendOf(text: string): JsonMap {
  const [name = '', port = ''] = text.split(':');
  const isNumber = /^[+-]?\d+$/.test(port);
  return { service: { name, port: isNumber ? { number: Number(port) } : { name: port } } };
}

function rulesOf(rules: readonly string[]): JsonMap[] {
  const byHost = new Map<string, JsonMap[]>();
  for (const rule of rules) {
    const [plain = ''] = rule.split(',');
    const slash = plain.indexOf('/');
    const host = plain.slice(0, slash);
    const paths = byHost.get(host) ?? [];
    byHost.set(host, [...paths, pathOf(plain.slice(slash + 1))]);
  }
  return [...byHost].map(([host, paths]) => ({ ...(host === '' ? {} : { host }), http: { paths } }));
}

function pathOf(text: string): JsonMap {
  const [tail = '', backend = ''] = text.split('=');
  const path = `/${tail}`;
  const isPrefix = path.endsWith('*');
  return {
    path: isPrefix ? path.slice(0, -1) : path,
    pathType: isPrefix ? 'Prefix' : 'Exact',
    backend: backendOf(backend),
  };
}

/** Hosts with the same secret share an entry; a host is named once. */
function tlsOf(rules: readonly string[]): JsonMap[] {
  const entries: { hosts: string[]; secret: string }[] = [];
  const seen = new Set<string>();
  for (const rule of rules) {
    const parts = rule.split(',');
    if (parts.length !== 2) continue;
    const [host = ''] = rule.split('/');
    const secret = parts[1]?.split('=')[1] ?? '';
    if (seen.has(host)) continue;
    seen.add(host);
    const same = entries.find((entry) => entry.secret === secret);
    if (same) same.hosts.push(host);
    else if (host !== '' || secret !== '') entries.push({ hosts: host === '' ? [] : [host], secret });
  }
  return entries.map(({ hosts, secret }) => ({
    ...(hosts.length > 0 ? { hosts } : {}),
    ...(secret === '' ? {} : { secretName: secret }),
  }));
}
