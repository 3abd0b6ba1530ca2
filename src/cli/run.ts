// Binds main to the real process: streams, files and the exit code. Ctrl-C is left to the system while a plan is made, since a handler
// would have to wait for it; the view, which has the terminal's settings to give back, has handlers of its own.
import { systemReason } from './errors.ts';
import { ExitCode } from './exit-code.ts';
import { main } from './main.ts';
import { processIo } from './process-io.ts';

export async function run(argv: readonly string[]): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that goes away (`| head`) has what it wants: the exit code still tells of the plan.
    if (error.code === 'EPIPE') return;
    process.stderr.write(`error: cannot write to standard output: ${systemReason(error)}\n`);
    process.exit(ExitCode.failed);
  });
  // Nobody is left to be told.
  process.stderr.on('error', () => {});
  process.exitCode = await main(argv, processIo());
}
