// Where the facts come from: the Kubernetes modules of each version, fetched through the Go module proxy.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GoOutput } from './go-model.ts';

interface Release {
  readonly minor: string;
  readonly kubernetes: string;
  readonly staging: string;
}

/** Oldest first; the last one is the version whose behaviour the project follows. */
export const releases: readonly Release[] = [
  { minor: '1.34', kubernetes: 'v1.34.4', staging: 'v0.34.4' },
  { minor: '1.35', kubernetes: 'v1.35.4', staging: 'v0.35.4' },
  { minor: '1.36', kubernetes: 'v1.36.3', staging: 'v0.36.3' },
];

const stagingModules = [
  'k8s.io/api',
  'k8s.io/apiextensions-apiserver',
  'k8s.io/apimachinery',
  'k8s.io/client-go',
  'k8s.io/kube-aggregator',
];

interface ModuleSource {
  readonly module: string;
  readonly version: string;
  readonly sum: string;
}

export type JsonObject = { readonly [key: string]: unknown };

export interface ReleaseSources {
  readonly release: Release;
  readonly modules: readonly ModuleSource[];
  readonly swagger: JsonObject;
  readonly openApi: readonly { readonly file: string; readonly document: JsonObject }[];
  readonly go: GoOutput;
  /** Folder of the unpacked k8s.io/kubernetes module. */
  readonly folder: string;
}

function goTool(args: readonly string[], cwd: string): string {
  const env = { ...process.env, GOFLAGS: '-mod=mod', GOWORK: 'off', GO111MODULE: 'on' };
  return execFileSync('go', args, {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Fetches what one release says about its API. The folder `goTypes` holds the program that prints the Go types. */
export function readSources(release: Release, goTypes: string): ReleaseSources {
  const work = mkdtempSync(join(tmpdir(), 'kubeplan-schema-'));
  try {
    cpSync(goTypes, work, { recursive: true });
    const requires = stagingModules.map((name) => `-require=${name}@${release.staging}`);
    goTool(['mod', 'edit', ...requires], work);
    const go: GoOutput = JSON.parse(goTool(['run', '.'], work));
    const names = [
      `k8s.io/kubernetes@${release.kubernetes}`,
      ...stagingModules.map((name) => `${name}@${release.staging}`),
    ];
    const modules = names.map((name) => {
      const answer = JSON.parse(goTool(['mod', 'download', '-json', name], work));
      return { module: answer.Path, version: answer.Version, sum: answer.Sum, dir: answer.Dir };
    });
    const spec = join(modules[0]!.dir, 'api', 'openapi-spec');
    const openApi = readdirSync(join(spec, 'v3'))
      .filter((file) => file.startsWith('api'))
      .sort()
      .map((file) => ({ file, document: JSON.parse(readFileSync(join(spec, 'v3', file), 'utf8')) }));
    return {
      release,
      modules: modules.map(({ module, version, sum }) => ({ module, version, sum })),
      swagger: JSON.parse(readFileSync(join(spec, 'swagger.json'), 'utf8')),
      openApi,
      go,
      folder: modules[0]!.dir,
    };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
