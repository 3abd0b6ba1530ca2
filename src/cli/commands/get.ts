// kubeplan get: plans when manifests are given, then answers as kubectl would on that cluster.
import type { Command } from '../command.ts';
import { get } from '../kubectl/questions/get.ts';
import { GET_FLAGS } from '../kubectl/questions/get-flags.ts';
import { lookAtCluster } from '../kubectl/questions/look-at-cluster.ts';

export const run: Command['run'] = (given, io) => lookAtCluster(given, { flags: GET_FLAGS, run: get }, io);
