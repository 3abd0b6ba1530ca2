// V8 compiles what runs often once more in the background, for every thread by itself. Where all processors are judging already that
// takes more of them than it gives back within seconds.
import { setFlagsFromString } from 'node:v8';

/** Bytes of bytecode that a function runs before V8 looks at it again; three times what it takes by itself. */
const INTERRUPT_BUDGET = 400_000;

/** For the whole process, and once its modules are loaded: V8 takes no kept code under other flags than those it was made under. */
export function optimizeLater(): void {
  setFlagsFromString(`--interrupt-budget=${INTERRUPT_BUDGET}`);
}
