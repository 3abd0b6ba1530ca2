// A further thread of `kubeplan validate`: reads and judges its share when the main thread asks for it.
import { parentPort, workerData } from 'node:worker_threads';
import type { CommandInput } from '../command.ts';
import { PROCESS_FILES } from '../process-io.ts';
import { type JudgeTask, Share } from './share.ts';

export interface WorkerStart {
  readonly files: readonly string[];
  readonly given: CommandInput;
  readonly table: SharedArrayBuffer;
}

export interface JudgeOrder {
  readonly task: JudgeTask;
  readonly table: SharedArrayBuffer;
}

const port = parentPort;
/** The main thread starts this with such data. */
const { files, given, table } = workerData as WorkerStart;
if (port) {
  const share = new Share(files, given, { files: PROCESS_FILES });
  port.on('message', async ({ task, table: claims }: JudgeOrder) => {
    // One long text crosses over faster than many small objects.
    port.postMessage(JSON.stringify(await share.judge(task, claims)));
  });
  port.postMessage(JSON.stringify(share.read(table)));
}
