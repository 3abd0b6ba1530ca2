// What a description says of a pod template, and of the parts it shares with pods.
// Behaviour: staging/src/k8s.io/kubectl/pkg/describe/describe.go (DescribePodTemplate), Kubernetes v1.36.3.
import { compareBytes } from '../../../apimachinery/go/json.ts';
import { goSorted } from '../../../apimachinery/go/sort.ts';
import type { PodTemplateSpec, Toleration, TopologySpreadConstraint } from '../../../schema/generated/types/core-v1.ts';
import { formatLabelSelector } from '../../../selectors/label-selector.ts';
import { writeContainers } from './containers.ts';
import { writeVolumes } from './volumes.ts';
import type { DescriptionWriter } from './writer.ts';

export function writePodTemplate(w: DescriptionWriter, template: PodTemplateSpec | undefined): void {
  w.write(0, 'Pod Template:\n');
  if (!template) {
    w.write(1, '<unset>');
    return;
  }
  const { metadata, spec } = template;
  w.labels('  Labels', metadata.labels);
  if (Object.keys(metadata.annotations ?? {}).length > 0) w.annotations('  Annotations', metadata.annotations);
  if (spec.serviceAccountName) w.line(1, 'Service Account:', spec.serviceAccountName);
  if (spec.initContainers?.length) {
    writeContainers(w, { label: 'Init Containers', containers: spec.initContainers, space: '  ' });
  }
  writeContainers(w, { label: 'Containers', containers: spec.containers, space: '  ' });
  writeVolumes(w, spec.volumes, '  ');
  writeSpreadConstraints(w, spec.topologySpreadConstraints, '  ');
  if (spec.priorityClassName) w.line(1, 'Priority Class Name:', spec.priorityClassName);
  w.labels('  Node-Selectors', spec.nodeSelector);
  writeTolerations(w, '  Tolerations', spec.tolerations);
}

export function writeSpreadConstraints(
  w: DescriptionWriter,
  constraints: readonly TopologySpreadConstraint[] | undefined,
  space: string,
): void {
  if (!constraints || constraints.length === 0) return;
  w.write(0, `${space}Topology Spread Constraints:\t`);
  const sorted = goSorted(constraints, (a, b) => compareBytes(a.topologyKey, b.topologyKey) < 0);
  sorted.forEach(({ topologyKey, whenUnsatisfiable, maxSkew, labelSelector }, i) => {
    if (i > 0) w.write(0, `${space}\t`);
    const selector = labelSelector ? ` for selector ${formatLabelSelector(labelSelector)}` : '';
    w.write(0, `${topologyKey}:${whenUnsatisfiable} when max skew ${maxSkew} is exceeded${selector}\n`);
  });
}

export function writeTolerations(
  w: DescriptionWriter,
  title: string,
  tolerations: readonly Toleration[] | undefined,
): void {
  const sorted = goSorted(tolerations ?? [], (a, b) => compareBytes(a.key ?? '', b.key ?? '') < 0);
  w.list(title, sorted.map(tolerationText));
}

function tolerationText({ key = '', value, effect, operator, tolerationSeconds }: Toleration): string {
  let text = `${key}${value ? `=${value}` : ''}${effect ? `:${effect}` : ''}`;
  if (operator === 'Exists' && !value) text += key !== '' || effect ? ' op=Exists' : 'op=Exists';
  return tolerationSeconds !== undefined ? `${text} for ${tolerationSeconds}s` : text;
}
