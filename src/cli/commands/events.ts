// kubeplan events: plans when manifests are given, then answers as kubectl would on that cluster.
import type { Command } from '../command.ts';
import { events } from '../kubectl/questions/events.ts';
import { EVENTS_FLAGS } from '../kubectl/questions/events-flags.ts';
import { lookAtCluster } from '../kubectl/questions/look-at-cluster.ts';

export const run: Command['run'] = (given, io) => lookAtCluster(given, { flags: EVENTS_FLAGS, run: events }, io);
