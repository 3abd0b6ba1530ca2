// How Go prints a pointer to a label selector.
// Behaviour: LabelSelector.String in [apimachinery]/pkg/apis/meta/v1/generated.pb.go, Kubernetes v1.36.3.
import type { LabelSelector } from './label-selector.ts';

export function labelSelectorText(selector: LabelSelector | undefined): string {
  if (!selector) return 'nil';
  const pairs = Object.entries(selector.matchLabels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const labels = pairs.map(([key, value]) => `${key}: ${value},`).join('');
  const expressions = (selector.matchExpressions ?? [])
    .map(
      ({ key, operator, values = [] }) =>
        `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`,
    )
    .join('');
  return `&LabelSelector{MatchLabels:map[string]string{${labels}},MatchExpressions:[]LabelSelectorRequirement{${expressions}},}`;
}
