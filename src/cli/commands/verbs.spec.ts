// kubectl's verbs as commands: each is planned as one operation on the described cluster. verb.ts runs them.
import type { CommandSpec, OptionSpec } from '../command.ts';
import type { FlagSpecs } from '../kubectl/arguments.ts';
import { CREATE_FLAGS } from '../kubectl/verbs/create/create-flags.ts';
import {
  APPLY_FLAGS,
  AUTOSCALE_FLAGS,
  CREATE_FILE_FLAGS,
  DELETE_FLAGS,
  DRAIN_FLAGS,
  EDIT_FLAGS,
  EXPOSE_FLAGS,
  KUBECTL_DIFF_FLAGS,
  LABEL_FLAGS,
  PATCH_FLAGS,
  REPLACE_FLAGS,
  ROLLOUT_FLAGS,
  RUN_FLAGS,
  SCALE_FLAGS,
  SET_FLAGS,
  TAINT_FLAGS,
  WRITE_FLAGS,
} from '../kubectl/verbs/verb-flags.ts';
import { CLUSTER_OPTIONS, GATE_OPTIONS, IDENTITY_OPTIONS, KUBERNETES_OPTIONS, SAVE_OPTIONS } from '../options.ts';

export interface VerbSpec extends CommandSpec {
  /** kubectl's own flags. */
  readonly verbFlags: FlagSpecs;
  /** Shows what is, and changes nothing: it prints as kubectl does, always. */
  readonly onlyShows?: boolean;
}

const KUBECTL_OPTION: OptionSpec = {
  flags: '--kubectl',
  help: 'print what kubectl prints instead of the plan; -o then means what it means to kubectl',
};

/** What every verb takes beside kubectl's flags. */
const PLAN_OPTIONS: readonly OptionSpec[] = [
  { flags: '-n, --namespace <name>', help: 'namespace of the objects' },
  ...CLUSTER_OPTIONS,
  ...KUBERNETES_OPTIONS,
  ...IDENTITY_OPTIONS,
  KUBECTL_OPTION,
  { flags: '-o, --output <format>', help: 'an output of the plan, as of `kubeplan plan`; repeatable', repeats: true },
  { flags: '--color <when>', help: 'colour in text', choices: ['auto', 'always', 'never'], default: 'auto' },
  { flags: '--full', help: 'show every object and every field' },
  { flags: '--context <lines>', help: 'unchanged lines around each change, in text and diff' },
  ...GATE_OPTIONS,
  { flags: '--out <file>', help: 'save the plan for `kubeplan show`' },
  ...SAVE_OPTIONS,
  { flags: '--detailed-exitcode', help: 'exit with 2 when there are changes' },
  { flags: '--no-interactive', help: 'print text also on a terminal' },
];
const LOOK_OPTIONS: readonly OptionSpec[] = [
  { flags: '-n, --namespace <name>', help: 'namespace of the objects' },
  ...CLUSTER_OPTIONS,
  ...KUBERNETES_OPTIONS,
  { flags: '-o, --output <format>', help: 'json or yaml, where there is something to show whole' },
];

interface Row {
  readonly name: string;
  readonly summary: string;
  readonly examples: readonly string[];
  readonly flags: FlagSpecs;
  readonly onlyShows?: boolean;
}

/** A kind of create: its name, what its object is called, an example, its flags. */
function createRow(kind: string, what: string, example: string, flags: FlagSpecs): Row {
  const all = { ...WRITE_FLAGS, 'save-config': { kind: 'flag' }, ...flags } as const;
  return {
    name: `create ${kind}`,
    summary: `Plan to create ${what}.`,
    examples: [`create ${kind} ${example}`],
    flags: all,
  };
}

function rolloutRow(verb: string, summary: string, example: string, onlyShows = false): Row {
  return {
    name: `rollout ${verb}`,
    summary,
    examples: [`rollout ${verb} ${example}`],
    flags: ROLLOUT_FLAGS,
    onlyShows,
  };
}

function setRow(what: string, summary: string, example: string): Row {
  return { name: `set ${what}`, summary, examples: [`set ${what} ${example}`], flags: SET_FLAGS };
}

const ROWS: readonly Row[] = [
  {
    name: 'create',
    summary: 'Plan to create the objects in files, or one made of flags.',
    examples: ['create -f web.yaml --cluster cluster.yaml', 'create deployment web --image=nginx:1.27 --replicas=3'],
    flags: CREATE_FILE_FLAGS,
  },
  createRow('namespace', 'a namespace', 'team-a', CREATE_FLAGS.namespace),
  createRow('quota', 'a resource quota', 'team-a --hard=pods=10,requests.cpu=4', CREATE_FLAGS.quota),
  createRow('secret generic', 'a secret', 'db --from-literal=password=secret', CREATE_FLAGS.genericSecret),
  createRow(
    'secret docker-registry',
    'credentials for a registry',
    'reg --docker-username=me --docker-password=secret --docker-server=registry.example.com',
    CREATE_FLAGS.dockerSecret,
  ),
  createRow('secret tls', 'a certificate with its key', 'web --cert=web.crt --key=web.key', CREATE_FLAGS.tlsSecret),
  createRow('configmap', 'a config map', 'settings --from-literal=mode=fast', CREATE_FLAGS.configMap),
  createRow('serviceaccount', 'a service account', 'robot', CREATE_FLAGS.serviceAccount),
  createRow('service clusterip', 'a service within the cluster', 'web --tcp=80:8080', CREATE_FLAGS.clusterIpService),
  createRow('service nodeport', 'a service on every node', 'web --tcp=80', CREATE_FLAGS.nodePortService),
  createRow('service loadbalancer', 'a service outside', 'web --tcp=80', CREATE_FLAGS.loadBalancerService),
  createRow(
    'service externalname',
    'a name for something outside',
    'db --external-name=db.example.com',
    CREATE_FLAGS.externalNameService,
  ),
  createRow('deployment', 'a deployment', 'web --image=nginx:1.27 --replicas=3', CREATE_FLAGS.deployment),
  createRow('clusterrole', 'a cluster role', 'reader --verb=get,list --resource=pods', CREATE_FLAGS.clusterRole),
  createRow(
    'clusterrolebinding',
    'a cluster role binding',
    'readers --clusterrole=reader --group=team-a',
    CREATE_FLAGS.clusterRoleBinding,
  ),
  createRow('role', 'a role', 'reader --verb=get,list --resource=pods', CREATE_FLAGS.role),
  createRow('rolebinding', 'a role binding', 'readers --role=reader --user=jane', CREATE_FLAGS.roleBinding),
  createRow(
    'poddisruptionbudget',
    'a disruption budget',
    'web --selector=app=web --min-available=50%',
    CREATE_FLAGS.podDisruptionBudget,
  ),
  createRow('priorityclass', 'a priority class', 'high --value=1000', CREATE_FLAGS.priorityClass),
  createRow('job', 'a job', 'once --image=busybox -- date', CREATE_FLAGS.job),
  createRow('cronjob', 'a cron job', "hourly --image=busybox --schedule='0 * * * *' -- date", CREATE_FLAGS.cronJob),
  createRow('ingress', 'an ingress', 'web --rule=example.com/*=web:80', CREATE_FLAGS.ingress),
  {
    name: 'apply',
    summary: 'Plan kubectl apply: with server-side apply, pruning and what kubectl says of conflicts.',
    examples: ['apply -f deploy/ --cluster cluster.yaml', 'apply --server-side -f web.yaml --cluster cluster.yaml'],
    flags: APPLY_FLAGS,
  },
  {
    name: 'replace',
    summary: 'Plan to put the objects in files in the place of those there are.',
    examples: ['replace -f web.yaml --cluster cluster.yaml'],
    flags: REPLACE_FLAGS,
  },
  {
    name: 'delete',
    summary: 'Plan to delete objects, with all that goes with them.',
    examples: ['delete deployment web --cluster cluster.yaml', 'delete -f deploy/ --cluster cluster.yaml'],
    flags: DELETE_FLAGS,
  },
  {
    name: 'diff',
    summary: 'Show what kubectl diff shows of the objects in files; exits with 1 when there are differences.',
    examples: ['diff -f deploy/ --cluster cluster.yaml'],
    flags: KUBECTL_DIFF_FLAGS,
    onlyShows: true,
  },
  {
    name: 'scale',
    summary: 'Plan another number of replicas.',
    examples: ['scale deployment/web --replicas=5 --cluster cluster.yaml'],
    flags: SCALE_FLAGS,
  },
  setRow('image', 'Plan other images.', 'deployment/web app=nginx:1.28 --cluster cluster.yaml'),
  setRow('env', 'Plan other environment variables.', 'deployment/web MODE=fast --cluster cluster.yaml'),
  setRow('resources', 'Plan other requests and limits.', 'deployment/web --limits=cpu=1 --cluster cluster.yaml'),
  setRow('serviceaccount', 'Plan another service account.', 'deployment/web robot --cluster cluster.yaml'),
  setRow('selector', 'Plan other pods for a service.', 'service web app=web --cluster cluster.yaml'),
  setRow('subject', 'Plan who else a role is bound to.', 'rolebinding readers --user=jane --cluster cluster.yaml'),
  rolloutRow('status', 'Show how far a rollout has come.', 'deployment/web --cluster cluster.yaml', true),
  rolloutRow('history', 'Show the revisions of a workload.', 'deployment/web --cluster cluster.yaml', true),
  rolloutRow('undo', 'Plan to go back to an earlier revision.', 'deployment/web --cluster cluster.yaml'),
  rolloutRow('restart', 'Plan to replace all pods.', 'deployment/web --cluster cluster.yaml'),
  rolloutRow('pause', 'Plan to pause a deployment.', 'deployment/web --cluster cluster.yaml'),
  rolloutRow('resume', 'Plan to resume a deployment.', 'deployment/web --cluster cluster.yaml'),
  {
    name: 'autoscale',
    summary: 'Plan an autoscaler for a workload.',
    examples: ['autoscale deployment web --min=2 --max=5 --cpu=70% --cluster cluster.yaml'],
    flags: AUTOSCALE_FLAGS,
  },
  {
    name: 'expose',
    summary: 'Plan a service for a workload.',
    examples: ['expose deployment web --port=80 --cluster cluster.yaml'],
    flags: EXPOSE_FLAGS,
  },
  {
    name: 'run',
    summary: 'Plan a pod that runs an image.',
    examples: ['run shell --image=busybox --cluster cluster.yaml -- sleep 60'],
    flags: RUN_FLAGS,
  },
  {
    name: 'patch',
    summary: 'Plan a patch of an object.',
    examples: ['patch deployment web -p \'{"spec":{"replicas":3}}\' --cluster cluster.yaml'],
    flags: PATCH_FLAGS,
  },
  {
    name: 'edit',
    summary: 'Plan what saving objects changed in your editor would do.',
    examples: ['edit deployment/web --cluster cluster.yaml'],
    flags: EDIT_FLAGS,
  },
  {
    name: 'label',
    summary: 'Plan labels of objects.',
    examples: ['label node node-1 disk=ssd --cluster cluster.yaml'],
    flags: LABEL_FLAGS,
  },
  {
    name: 'annotate',
    summary: 'Plan annotations of objects.',
    examples: ["annotate deployment web note='by hand' --cluster cluster.yaml"],
    flags: LABEL_FLAGS,
  },
  {
    name: 'cordon',
    summary: 'Plan to keep new pods away from a node.',
    examples: ['cordon node-1 --cluster cluster.yaml'],
    flags: DRAIN_FLAGS,
  },
  {
    name: 'uncordon',
    summary: 'Plan to let new pods come to a node again.',
    examples: ['uncordon node-1 --cluster cluster.yaml'],
    flags: DRAIN_FLAGS,
  },
  {
    name: 'drain',
    summary: 'Plan to empty a node: which pods go where, and what a disruption budget holds up.',
    examples: ['drain node-1 --ignore-daemonsets --cluster cluster.yaml'],
    flags: DRAIN_FLAGS,
  },
  {
    name: 'taint',
    summary: 'Plan taints of nodes, and which pods they drive away.',
    examples: ['taint nodes node-1 maintenance=yes:NoExecute --cluster cluster.yaml'],
    flags: TAINT_FLAGS,
  },
];

export const VERB_SPECS: readonly VerbSpec[] = ROWS.map(({ flags, onlyShows = false, ...row }) => {
  const options = onlyShows ? LOOK_OPTIONS : PLAN_OPTIONS;
  return {
    ...row,
    arguments: [{ name: '[argument...]', help: 'as kubectl takes them' }],
    options: [...options, ...verbOptions(flags, options)],
    verbFlags: flags,
    onlyShows,
  };
});

/** kubectl's flags as options, but for those that stand for something of the plan. */
function verbOptions(flags: FlagSpecs, taken: readonly OptionSpec[]): readonly OptionSpec[] {
  const names = new Set(taken.map(({ flags: text }) => /--(?:no-)?([a-z-]+)/.exec(text)?.[1]));
  return Object.entries(flags).flatMap(([name, { kind, short, bare, help = '' }]) => {
    if (names.has(name)) return [];
    const value = kind === 'flag' ? '' : bare === undefined ? ' <value>' : ' [value]';
    const text = `${short ? `-${short}, ` : ''}--${name}${value}`;
    return [{ flags: text, help: help || 'as in kubectl', ...(kind === 'list' ? { repeats: true } : {}) }];
  });
}
