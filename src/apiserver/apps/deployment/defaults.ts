// What a Deployment is when its manifest does not say.
// Behaviour: pkg/apis/apps/v1/{defaults,conversion}.go, Kubernetes v1.36.3.
import { ROLLBACK_TO } from '../../../apimachinery/well-known/annotations.ts';
import type { Deployment, DeploymentStrategy } from '../../../schema/generated/types/apps-v1.ts';
import { defaultPodTemplate } from '../../core/pod-spec/defaults.ts';
import { withoutAnnotation } from '../annotations.ts';

const DEFAULT_SHARE = '25%';
const DEFAULT_REVISION_HISTORY_LIMIT = 10;
const DEFAULT_PROGRESS_DEADLINE_SECONDS = 600;

export function defaultDeployment(deployment: Deployment, _: unknown, stored?: Deployment): Deployment {
  const { spec } = deployment;
  if (spec === stored?.spec && deployment.metadata.annotations?.[ROLLBACK_TO] !== '') return deployment;
  return {
    ...deployment,
    // An empty revision says nothing: conversion drops it.
    metadata:
      deployment.metadata.annotations?.[ROLLBACK_TO] === ''
        ? withoutAnnotation(deployment, ROLLBACK_TO)
        : deployment.metadata,
    spec: {
      ...spec,
      replicas: spec.replicas ?? 1,
      template: defaultPodTemplate(spec.template),
      strategy: defaultStrategy(spec.strategy),
      revisionHistoryLimit: spec.revisionHistoryLimit ?? DEFAULT_REVISION_HISTORY_LIMIT,
      progressDeadlineSeconds: spec.progressDeadlineSeconds ?? DEFAULT_PROGRESS_DEADLINE_SECONDS,
    },
  };
}

function defaultStrategy({ type: given, rollingUpdate }: DeploymentStrategy): DeploymentStrategy {
  const type = given || 'RollingUpdate';
  if (type !== 'RollingUpdate') return rollingUpdate ? { type, rollingUpdate } : { type };
  return {
    type,
    rollingUpdate: {
      maxUnavailable: rollingUpdate?.maxUnavailable ?? DEFAULT_SHARE,
      maxSurge: rollingUpdate?.maxSurge ?? DEFAULT_SHARE,
    },
  };
}
