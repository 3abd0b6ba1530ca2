// The flags of `kubectl create KIND`.
import type { FlagSpecs } from '../../arguments.ts';

const APPEND_HASH: FlagSpecs = { 'append-hash': { kind: 'flag', help: 'append a hash of the content to the name' } };
const TCP: FlagSpecs = { tcp: { kind: 'list', help: 'ports, as PORT or PORT:TARGET' } };
const ROLE_FLAGS: FlagSpecs = {
  verb: { kind: 'list', help: 'what may be done' },
  resource: { kind: 'list', help: 'with which resources, as deployments.apps or pods/log' },
  'resource-name': { kind: 'list', help: 'with which objects only' },
};
const SUBJECT_FLAGS: FlagSpecs = {
  user: { kind: 'list', help: 'users to bind' },
  group: { kind: 'list', help: 'groups to bind' },
  serviceaccount: { kind: 'list', help: 'service accounts to bind, as NAMESPACE:NAME' },
};

export const CREATE_FLAGS = {
  namespace: {},
  serviceAccount: {},
  deployment: {
    image: { kind: 'list', help: 'images of the containers' },
    port: { kind: 'value', help: 'port of the first container' },
    replicas: { kind: 'value', short: 'r', help: 'how many pods' },
  },
  job: {
    image: { kind: 'value', help: 'image of the container' },
    from: { kind: 'value', help: 'the cron job whose template is taken, as cronjob/NAME' },
  },
  cronJob: {
    image: { kind: 'value', help: 'image of the container' },
    schedule: { kind: 'value', help: 'when, in cron format' },
    restart: { kind: 'value', help: 'OnFailure or Never' },
  },
  configMap: {
    'from-file': { kind: 'list', help: 'a file, as PATH or KEY=PATH, or a folder' },
    'from-literal': { kind: 'list', help: 'a value, as KEY=VALUE' },
    'from-env-file': { kind: 'list', help: 'a file with lines KEY=VALUE' },
    'append-hash': { kind: 'flag', help: 'append a hash of the content to the name' },
  },
  quota: {
    hard: { kind: 'value', help: 'limits, as pods=3,cpu=2' },
    scopes: { kind: 'value', help: 'scopes, joined by commas' },
  },
  priorityClass: {
    value: { kind: 'value', help: 'the priority' },
    'global-default': { kind: 'flag', help: 'for pods that name no class' },
    description: { kind: 'value', help: 'when to use it' },
    'preemption-policy': { kind: 'value', help: 'PreemptLowerPriority or Never' },
  },
  podDisruptionBudget: {
    'min-available': { kind: 'value', help: 'how many pods must stay, as a number or percentage' },
    'max-unavailable': { kind: 'value', help: 'how many pods may be missing' },
    selector: { kind: 'value', help: 'the pods meant' },
  },
  genericSecret: {
    'from-file': { kind: 'list', help: 'a file, as PATH or KEY=PATH, or a folder' },
    'from-literal': { kind: 'list', help: 'a value, as KEY=VALUE' },
    'from-env-file': { kind: 'list', help: 'a file with lines KEY=VALUE' },
    type: { kind: 'value', help: 'the type of the secret' },
    ...APPEND_HASH,
  },
  dockerSecret: {
    'docker-username': { kind: 'value', help: 'user of the registry' },
    'docker-password': { kind: 'value', help: 'password of the registry' },
    'docker-email': { kind: 'value', help: 'mail address' },
    'docker-server': { kind: 'value', help: 'the registry' },
    'from-file': { kind: 'list', help: 'a file with credentials' },
    ...APPEND_HASH,
  },
  tlsSecret: {
    cert: { kind: 'value', help: 'file with the certificate' },
    key: { kind: 'value', help: 'file with the private key' },
    ...APPEND_HASH,
  },
  role: ROLE_FLAGS,
  clusterRole: {
    ...ROLE_FLAGS,
    'non-resource-url': { kind: 'list', help: 'with which paths' },
    'aggregation-rule': { kind: 'list', help: 'labels of cluster roles to take rules from' },
  },
  roleBinding: {
    clusterrole: { kind: 'value', help: 'the cluster role' },
    role: { kind: 'value', help: 'the role' },
    ...SUBJECT_FLAGS,
  },
  clusterRoleBinding: { clusterrole: { kind: 'value', help: 'the cluster role' }, ...SUBJECT_FLAGS },
  ingress: {
    class: { kind: 'value', help: 'the ingress class' },
    rule: { kind: 'list', help: 'a rule, as HOST/PATH=SERVICE:PORT[,tls[=SECRET]]' },
    'default-backend': { kind: 'value', help: 'where all else goes, as SERVICE:PORT' },
    annotation: { kind: 'list', help: 'an annotation, as KEY=VALUE' },
  },
  clusterIpService: {
    ...TCP,
    clusterip: { kind: 'value', help: 'an address of your own, or None for a service without' },
  },
  nodePortService: { ...TCP, 'node-port': { kind: 'value', help: 'port on every node' } },
  loadBalancerService: TCP,
  externalNameService: { ...TCP, 'external-name': { kind: 'value', help: 'the name outside' } },
} satisfies Readonly<Record<string, FlagSpecs>>;
