// Every rule that a finding may carry, and what it means: for SARIF's readers and docs/reference/diagnostics.md. A new code is a line here.

interface Rule {
  readonly id: string;
  readonly meaning: string;
}

const INPUT: readonly Rule[] = [
  { id: 'ApplyFailed', meaning: 'kubectl apply stops, or leaves an object, with this message of its own.' },
  { id: 'APIWarning', meaning: 'The API server accepts the object and warns about it.' },
  { id: 'BadSchedulerConfiguration', meaning: 'The scheduler configuration cannot be read or says what it cannot.' },
  { id: 'ContradictoryCluster', meaning: 'Objects of the described cluster contradict each other.' },
  { id: 'DanglingReference', meaning: 'The object names another that neither the input nor the cluster holds.' },
  { id: 'EmptyInput', meaning: 'No Kubernetes object stands in what -f names.' },
  {
    id: 'FileTooLarge',
    meaning:
      'A file is larger than any set of manifests needs, or has to be read as a whole and is longer than a text can be.',
  },
  { id: 'InvalidClusterFile', meaning: 'A document of kind Cluster says what it cannot.' },
  { id: 'InvalidConfiguration', meaning: 'The configuration file says what it cannot.' },
  { id: 'InvalidInventory', meaning: 'An object of the described cluster cannot be read as its kind.' },
  { id: 'InvalidSeparator', meaning: 'Text stands behind the --- between two documents.' },
  { id: 'InvalidYAML', meaning: 'The document is not YAML as Kubernetes reads it.' },
  { id: 'InvalidStaticPod', meaning: 'A static pod of a described node is no valid pod.' },
  { id: 'MissingAPIVersion', meaning: 'The document has no apiVersion.' },
  { id: 'MissingFile', meaning: 'A path that -f or --cluster names does not exist.' },
  { id: 'MissingKind', meaning: 'The document has no kind.' },
  { id: 'NoManifests', meaning: 'A folder holds no file that could hold manifests.' },
  { id: 'NoNetwork', meaning: 'A URL was given; kubeplan never uses the network.' },
  { id: 'NotAnObject', meaning: 'The document is no map with apiVersion and kind.' },
  { id: 'PolicyAudited', meaning: 'An admission policy would note the request in the audit log.' },
  { id: 'PolicyDenied', meaning: 'An admission policy denied a request that succeeded later.' },
  { id: 'ExpressionWarning', meaning: 'An expression of a policy does not fit the types of what the policy matches.' },
  { id: 'PolicyWarned', meaning: 'An admission policy warns about the request.' },
  { id: 'RemovedAgain', meaning: 'What was submitted is gone again once the cluster has settled.' },
  { id: 'SecondCluster', meaning: 'More than one document of kind Cluster describes the cluster.' },
  { id: 'SelectsNothing', meaning: 'A selector takes no pod of the planned cluster.' },
  {
    id: 'SuppressionWithoutReason',
    meaning: 'A kubeplan.dev/ignore annotation gives no reason and suppresses nothing.',
  },
  { id: 'ThrottledCPU', meaning: 'Containers would use more cpu than their limit lets them have.' },
  { id: 'UnknownWebhook', meaning: 'The cluster file describes the answer of a webhook that no configuration names.' },
  { id: 'UnreachablePort', meaning: 'A port of a Service is none of its pods.' },
  { id: 'UnreadableFile', meaning: 'A file or folder cannot be read.' },
  { id: 'UnusedSuppression', meaning: 'The configuration suppresses a problem that there is not.' },
];

const NOT_JUDGED: readonly Rule[] = [
  {
    id: 'InventoryKindNotSimulated',
    meaning: 'The described cluster holds a kind that is not simulated; it was left out.',
  },
  { id: 'NotJudged', meaning: 'The kind is not served and was skipped, as --ignore-missing-schemas asks.' },
  { id: 'RemovedAPI', meaning: 'Kubernetes no longer serves this version of the kind.' },
  { id: 'UnknownKind', meaning: 'Kubernetes does not serve this kind.' },
];

/** Reasons of the API server's answers and of their causes. */
const REFUSED: readonly Rule[] = [
  { id: 'AlreadyExists', meaning: 'An object of that name exists already.' },
  { id: 'BadRequest', meaning: 'The API server cannot read the request: unknown, duplicate or wrongly typed fields.' },
  { id: 'Conflict', meaning: 'Another manager owns the field, or the object changed meanwhile.' },
  { id: 'FieldValueDuplicate', meaning: 'A value must stand once and stands twice.' },
  { id: 'FieldValueForbidden', meaning: 'The field may not be set, or not be changed.' },
  { id: 'FieldValueInvalid', meaning: 'The value is not allowed there.' },
  { id: 'FieldValueNotFound', meaning: 'The value names what does not exist.' },
  { id: 'FieldValueNotSupported', meaning: 'The value is none of those allowed.' },
  { id: 'FieldValueRequired', meaning: 'The field must be set.' },
  { id: 'FieldValueTooFew', meaning: 'The list has too few items.' },
  { id: 'FieldValueTooLong', meaning: 'The text is too long.' },
  { id: 'FieldValueTooMany', meaning: 'The list has too many items.' },
  { id: 'FieldValueTooShort', meaning: 'The text is too short.' },
  { id: 'FieldValueTypeInvalid', meaning: 'The value has another type.' },
  { id: 'Forbidden', meaning: 'An admission plugin, a quota or the rights of the user refuse the request.' },
  { id: 'InternalError', meaning: 'The API server would answer with an error of its own.' },
  { id: 'Invalid', meaning: 'The object breaks a rule of its kind.' },
  { id: 'MethodNotAllowed', meaning: 'The resource does not take this request.' },
  { id: 'NoMatch', meaning: 'No resource is served for this apiVersion and kind.' },
  { id: 'NotFound', meaning: 'What the request is about does not exist.' },
  { id: 'Refused', meaning: 'The API server refuses the request and gives no reason.' },
  { id: 'RequestEntityTooLarge', meaning: 'The request is larger than the API server takes.' },
];

const NOT_CONVERGED: readonly Rule[] = [
  { id: 'WaitingForResourceClaim', meaning: 'The pod waits for a ResourceClaim that is not there or not its own.' },
  { id: 'WaitingForPodGroup', meaning: 'The pod waits for its PodGroup, or for more pods of its gang.' },
  { id: 'NoNodes', meaning: 'The described cluster has no nodes, so every pod stays pending.' },
  { id: 'SchedulerError', meaning: 'The scheduler fails on the pod.' },
  { id: 'SchedulingGated', meaning: 'The pod waits for its scheduling gates.' },
  {
    id: 'StalledByPolicy',
    meaning: 'An admission policy denies what a controller asks for, and nothing overcomes it.',
  },
  { id: 'StalledCycle', meaning: 'Controllers undo each other and never come to rest.' },
  { id: 'StalledDaemonSet', meaning: 'A DaemonSet does not get its pods ready.' },
  { id: 'StalledDeletion', meaning: 'An object is being deleted and does not go away.' },
  { id: 'StalledDeployment', meaning: 'A rollout stalls.' },
  { id: 'StalledJob', meaning: 'A Job fails or does not finish.' },
  { id: 'StalledNotSettled', meaning: 'The cluster did not come to rest.' },
  { id: 'StalledReplicaSet', meaning: 'A ReplicaSet cannot make its pods.' },
  { id: 'StalledReplicationController', meaning: 'A ReplicationController cannot make its pods.' },
  { id: 'StalledStatefulSet', meaning: 'A StatefulSet does not get its pods ready.' },
  { id: 'Unschedulable', meaning: 'No node takes the pod.' },
];

export const RULE_GROUPS: readonly { readonly title: string; readonly rules: readonly Rule[] }[] = [
  { title: 'Refused by the API server', rules: REFUSED },
  { title: 'Does not converge', rules: NOT_CONVERGED },
  { title: 'Not judged', rules: NOT_JUDGED },
  { title: 'Input, cluster and configuration', rules: INPUT },
];

const byId = new Map(RULE_GROUPS.flatMap(({ rules }) => rules.map((rule) => [rule.id, rule] as const)));

/** A sentence about the rule; its id where there is none. */
export function meaningOf(id: string): string {
  return byId.get(id)?.meaning ?? id;
}
