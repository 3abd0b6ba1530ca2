// usage: npm run bench [-- AREA [ARGUMENTS]]    start (default), validate, custom-resources, converge, large, schedule, view
const AREAS: Readonly<Record<string, () => Promise<(args: readonly string[]) => Promise<void>>>> = {
  start: async () => (await import('./start.ts')).benchStart,
  validate: async () => (await import('./validate.ts')).benchValidate,
  'custom-resources': async () => (await import('./custom-resources.ts')).benchCustomResources,
  converge: bundled('scripts/bench/converge-run.ts'),
  large: async () => (await import('./large.ts')).benchLarge,
  schedule: bundled('scripts/bench/schedule-run.ts'),
  view: async () => (await import('./view.ts')).benchView,
};

function bundled(entry: string): () => Promise<(args: readonly string[]) => Promise<void>> {
  return async () => {
    const { runBundled } = await import('./bundled-run.ts');
    return (args) => runBundled(entry, args);
  };
}

const [area = 'start', ...args] = process.argv.slice(2);
const load = Object.hasOwn(AREAS, area) ? AREAS[area] : undefined;
if (load) await (await load())(args);
else {
  process.stderr.write(`no benchmark ${area}: ${Object.keys(AREAS).join(', ')}\n`);
  process.exitCode = 1;
}
