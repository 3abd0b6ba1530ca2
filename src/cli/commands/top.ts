// kubeplan top: plans when manifests are given, then answers as kubectl would on that cluster.
import type { Command } from '../command.ts';
import { lookAtCluster } from '../kubectl/questions/look-at-cluster.ts';
import { top } from '../kubectl/questions/top.ts';
import { TOP_FLAGS } from '../kubectl/questions/top-flags.ts';

export const run: Command['run'] = (given, io) => lookAtCluster(given, { flags: TOP_FLAGS, run: top }, io);
