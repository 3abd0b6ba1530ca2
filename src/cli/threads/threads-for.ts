// How many threads a number of files is worth.

/**
 * With fewer files a thread costs more to start than it saves: until it has loaded and warmed up what judges, it takes as much processor
 * time as 1,500 files do in a thread that is warm.
 */
const FILES_PER_THREAD = 1500;

/** 1 is the plain way, without any further thread. */
export function threadsFor(files: number, available: number): number {
  return Math.max(1, Math.min(available, Math.floor(files / FILES_PER_THREAD)));
}
