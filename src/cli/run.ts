// Binds main to the real process: streams, files, signals and the exit code.

import { ExitCode } from './exit-code.ts';
import { main } from './main.ts';
import { processIo } from './process-io.ts';

export async function run(argv: readonly string[]): Promise<void> {
  // A reader that goes away (`| head`) is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(ExitCode.ok);
  });
  process.once('SIGINT', () => process.exit(ExitCode.interrupted));
  process.exitCode = await main(argv, processIo());
}
