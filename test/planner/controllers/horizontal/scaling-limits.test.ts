import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ScalingHistory } from '../../../../src/planner/controllers/horizontal/scaling-limits.ts';
import type {
  HorizontalPodAutoscaler,
  HPAScalingRules,
} from '../../../../src/schema/generated/types/autoscaling-v2.ts';

const NOW = Date.UTC(2026, 0, 1);
const hpa = (maxReplicas: number, scaleUp?: HPAScalingRules, scaleDown?: HPAScalingRules): HorizontalPodAutoscaler =>
  ({
    spec: { maxReplicas, ...(scaleUp && scaleDown ? { behavior: { scaleUp, scaleDown } } : {}) },
  }) as HorizontalPodAutoscaler;
const wish = (current: number, desired: number, at = 0) => ({
  current,
  desired,
  min: 1,
  now: NOW + at * 1000,
  downscaleStabilization: 300_000,
});
const short = ({ replicas, ableToScale, scalingLimited }: ReturnType<ScalingHistory['limit']>) => [
  replicas,
  ableToScale.reason,
  scalingLimited.reason,
];

const limits = suite('scaling limits');

limits('without behavior: down waits five minutes for the highest recommendation to pass', () => {
  const history = new ScalingHistory();
  history.begin(10, NOW);
  assert.equal(short(history.limit(wish(10, 3, 15), hpa(20))), [10, 'ScaleDownStabilized', 'DesiredWithinRange']);
  assert.equal(short(history.limit(wish(10, 2, 300), hpa(20))), [10, 'ScaleDownStabilized', 'DesiredWithinRange']);
  assert.equal(short(history.limit(wish(10, 2, 301), hpa(20))), [3, 'ScaleDownStabilized', 'DesiredWithinRange']);
});

limits('without behavior: up at most doubles, or goes to four', () => {
  assert.equal(short(new ScalingHistory().limit(wish(1, 9), hpa(20))), [4, 'ReadyForNewScale', 'ScaleUpLimit']);
  assert.equal(short(new ScalingHistory().limit(wish(5, 30), hpa(20))), [10, 'ReadyForNewScale', 'ScaleUpLimit']);
  assert.equal(short(new ScalingHistory().limit(wish(15, 30), hpa(20))), [20, 'ReadyForNewScale', 'TooManyReplicas']);
  assert.equal(short(new ScalingHistory().limit(wish(3, 0), hpa(20))), [1, 'ReadyForNewScale', 'TooFewReplicas']);
});

const rules = (policies: HPAScalingRules['policies'], rest: Partial<HPAScalingRules> = {}): HPAScalingRules => ({
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: policies ?? [],
  ...rest,
});
const pods = (value: number, periodSeconds = 60) => ({ type: 'Pods', value, periodSeconds });
const percent = (value: number, periodSeconds = 60) => ({ type: 'Percent', value, periodSeconds });

for (const { name, up, down, current, desired, want } of [
  {
    name: 'the larger of two policies',
    up: rules([pods(4), percent(100)]),
    down: rules([]),
    current: 10,
    desired: 40,
    want: [20, 'ScaleUpLimit'],
  },
  {
    name: 'the smaller when asked for',
    up: rules([pods(4), percent(100)], { selectPolicy: 'Min' }),
    down: rules([]),
    current: 10,
    desired: 40,
    want: [14, 'ScaleUpLimit'],
  },
  {
    name: 'percent up rounds up',
    up: rules([percent(10)]),
    down: rules([]),
    current: 5,
    desired: 40,
    want: [6, 'ScaleUpLimit'],
  },
  {
    name: 'percent down truncates',
    up: rules([]),
    down: rules([percent(10)]),
    current: 15,
    desired: 1,
    want: [13, 'ScaleDownLimit'],
  },
  {
    name: 'disabled',
    up: rules([]),
    down: rules([pods(5)], { selectPolicy: 'Disabled' }),
    current: 15,
    desired: 1,
    want: [15, 'ScaleDownLimit'],
  },
])
  limits(`with behavior: ${name}`, () => {
    const [replicas, , reason] = short(new ScalingHistory().limit(wish(current, desired), hpa(100, up, down)));
    assert.equal([replicas, reason], want);
  });

limits('with behavior: what was added in the period counts', () => {
  const autoscaler = hpa(100, rules([pods(4)]), rules([]));
  const history = new ScalingHistory();
  history.noteScale(autoscaler, 10, 13, NOW);
  assert.is(history.limit(wish(13, 40, 30), autoscaler).replicas, 14);
  assert.is(history.limit(wish(14, 40, 61), autoscaler).replicas, 18);
});

limits('with behavior: up takes the lowest recent recommendation', () => {
  const autoscaler = hpa(100, rules([pods(50)], { stabilizationWindowSeconds: 60 }), rules([]));
  const history = new ScalingHistory();
  history.begin(5, NOW);
  assert.equal(short(history.limit(wish(5, 20, 15), autoscaler)), [5, 'ScaleUpStabilized', 'DesiredWithinRange']);
  assert.equal(short(history.limit(wish(5, 20, 61), autoscaler)), [20, 'ReadyForNewScale', 'DesiredWithinRange']);
});
limits.run();
