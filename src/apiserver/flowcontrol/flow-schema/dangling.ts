// What the API server itself says of a FlowSchema: whether the priority level that it names is there.
// Behaviour: [apiserver]/pkg/util/flowcontrol/apf_controller.go (presyncFlowSchemaStatus), Kubernetes v1.36.3.
// Differs: a level that comes or goes later is noticed at the schema's next write.
import { formatTime } from '../../../apimachinery/time/time.ts';
import type { FlowSchema, FlowSchemaCondition } from '../../../schema/generated/types/flowcontrol-v1.ts';
import type { StrategyContext } from '../../resource.ts';

const LEVELS = 'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io';
/** pkg/apis/flowcontrol/bootstrap/default.go: the API server makes these by itself. */
const BUILT_IN: ReadonlySet<string> = new Set([
  'catch-all',
  'exempt',
  'global-default',
  'leader-election',
  'node-high',
  'system',
  'workload-high',
  'workload-low',
]);

/** The schema with a condition that tells; undefined when it has that condition already. */
export function withDanglingCondition(
  schema: FlowSchema,
  { reader, now }: Pick<StrategyContext, 'reader' | 'now'>,
): FlowSchema | undefined {
  const { name } = schema.spec.priorityLevelConfiguration;
  const isFound = BUILT_IN.has(name) || reader.get(LEVELS, undefined, name) !== undefined;
  const subject = `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(name)}`;
  const condition: FlowSchemaCondition = {
    type: 'Dangling',
    status: isFound ? 'False' : 'True',
    lastTransitionTime: formatTime(now),
    reason: isFound ? 'Found' : 'NotFound',
    message: `${subject} ${isFound ? 'and it exists' : 'but there is no such object'}`,
  };
  const { conditions = [] } = schema.status;
  const old = conditions.find(({ type }) => type === condition.type);
  if (old && old.status === condition.status && old.reason === condition.reason && old.message === condition.message)
    return undefined;
  const others = conditions.filter(({ type }) => type !== condition.type);
  return { ...schema, status: { ...schema.status, conditions: [...others, condition] } };
}
