// How many threads a number of files is worth.

/** With fewer files a thread costs more to start than it saves. */
export const FILES_PER_THREAD = 500;

/** 1 is the plain way, without any further thread. */
export function threadsFor(files: number, available: number): number {
  return Math.max(1, Math.min(available, Math.floor(files / FILES_PER_THREAD)));
}
