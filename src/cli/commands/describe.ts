// kubeplan describe: plans when manifests are given, then answers as kubectl would on that cluster.
import type { Command } from '../command.ts';
import { describe } from '../kubectl/describe.ts';
import { DESCRIBE_FLAGS } from '../kubectl/describe-flags.ts';
import { lookAtCluster } from '../kubectl/look-at-cluster.ts';

export const run: Command['run'] = (given, io) => lookAtCluster(given, { flags: DESCRIBE_FLAGS, run: describe }, io);
