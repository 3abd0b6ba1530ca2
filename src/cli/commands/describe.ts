// kubeplan describe: plans when manifests are given, then answers as kubectl would on that cluster, with where a Service's traffic goes.
import type { Command } from '../command.ts';
import { DESCRIBE_FLAGS } from '../kubectl/questions/describe-flags.ts';
import { describeWithTraffic } from '../kubectl/questions/describe-traffic.ts';
import { lookAtCluster } from '../kubectl/questions/look-at-cluster.ts';

export const run: Command['run'] = (given, io) =>
  lookAtCluster(given, { flags: DESCRIBE_FLAGS, run: describeWithTraffic }, io);
