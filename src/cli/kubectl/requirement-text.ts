// A requirement of a label selector as Go prints the struct within a message.
import type { LabelSelectorRequirement } from '../../selectors/label-selector.ts';

export function requirementText({ key, operator, values = [] }: LabelSelectorRequirement): string {
  return `{Key:${key} Operator:${operator} Values:[${values.join(' ')}]}`;
}
