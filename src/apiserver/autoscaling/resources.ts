// The resources of the group autoscaling.
import type { Resource } from '../resource.ts';
import { horizontalPodAutoscalerResource } from './horizontal-pod-autoscaler/strategy.ts';

export const autoscalingResources: readonly Resource[] = [horizontalPodAutoscalerResource];
