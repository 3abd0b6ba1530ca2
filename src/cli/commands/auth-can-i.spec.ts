// What `kubeplan auth can-i` takes; auth-can-i.ts does it.
import type { CommandSpec } from '../command.ts';
import { LOOK_OPTIONS } from '../kubectl/questions/look-options.ts';
import { IDENTITY_OPTIONS } from '../options.ts';

export const authCanISpec: CommandSpec = {
  name: 'auth can-i',
  summary:
    'Say whether an identity may do something in the described or the planned cluster, as kubectl auth can-i does.',
  examples: [
    'auth can-i create deployments.apps -n shop --as jane --cluster cluster.yaml',
    'auth can-i get pods --subresource=log --as system:serviceaccount:shop:ci -f deploy/',
    'auth can-i --list -n shop --as jane --as-group developers --cluster cluster.yaml',
  ],
  arguments: [
    { name: '[verb]', help: "a verb of the API: get, list, create, …; '*' for all" },
    { name: '[resource]', help: "TYPE, TYPE/NAME or a path as /healthz; '*' for all" },
    { name: '[more...]', help: 'nothing' },
  ],
  options: [
    ...LOOK_OPTIONS,
    ...IDENTITY_OPTIONS,
    { flags: '-A, --all-namespaces', help: 'ask about all namespaces' },
    { flags: '-q, --quiet', help: 'answer with the exit code alone' },
    { flags: '--list', help: 'list what the identity may do' },
    { flags: '--no-headers', help: 'list without headers' },
    { flags: '--subresource <name>', help: 'a subresource, as log or scale' },
  ],
};
