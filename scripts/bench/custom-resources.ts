// How long `kubeplan validate` takes for an operator's bundle, cold: ten definitions with schemas like those that are generated from Go types
// (deep, described field by field, up to a megabyte of YAML, with rules) and a hundred custom resources of them.
// usage: npm run bench -- custom-resources [SECONDS]    fails when the median of the runs takes longer
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUNDLE, buildBundle } from './bundle.ts';

const RUNS = 5;
const DEFINITIONS = 10;
const OBJECTS = 100;
/** Bytes of YAML that each definition is filled up to. */
const SIZES = [1_000_000, 900_000, 700_000, 500_000, 200_000, 100_000, 60_000, 40_000, 30_000, 20_000];

type Json = Readonly<Record<string, unknown>>;

export async function benchCustomResources([limit]: readonly string[]): Promise<void> {
  buildBundle();
  const folder = mkdtempSync(join(tmpdir(), 'kubeplan-bench-'));
  try {
    const bytes = writeBundle(folder);
    const runs = Array.from({ length: RUNS }, () => timed(folder)).sort((a, b) => a.wall - b.wall);
    const { wall, cpu } = runs[RUNS >> 1]!;
    const size = (bytes / 1024 / 1024).toFixed(1);
    console.log(
      `${DEFINITIONS} definitions (${size} MiB), ${OBJECTS} custom resources: ${wall.toFixed(2)} s, ${cpu.toFixed(2)} s of CPU`,
    );
    if (limit !== undefined && wall > Number(limit)) {
      console.log(`longer than ${limit} s`);
      process.exitCode = 1;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function timed(folder: string): { readonly wall: number; readonly cpu: number } {
  const started = performance.now();
  // The shell's own accounting is the only one that sees a child's CPU time.
  const command = 'TIMEFORMAT="%U %S"; time "$0" "$1" validate -f "$2" -o json >/dev/null';
  const { stderr, status } = spawnSync('bash', ['-c', command, process.execPath, BUNDLE, folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the bundle is not valid: ${stderr}`);
  const [user = 0, system = 0] = stderr.trim().split(/\s+/).slice(-2).map(Number);
  return { wall: (performance.now() - started) / 1000, cpu: user + system };
}

function writeBundle(folder: string): number {
  let bytes = 0;
  const kinds = SIZES.map((size, i) => definitionOf(`Kind${i}`, size));
  for (const [i, { text }] of kinds.entries()) {
    const file = join(folder, `0-definition-${i}.yaml`);
    writeFileSync(file, text);
    bytes += statSync(file).size;
  }
  for (let i = 0; i < OBJECTS; i++) {
    const { kind, spec } = kinds[i % kinds.length]!;
    const object = {
      apiVersion: 'bench.example.com/v1',
      kind,
      metadata: { name: `object-${i}`, namespace: 'default' },
      spec: sampleOf(spec, i),
    };
    writeFileSync(join(folder, `object-${i}.yaml`), yaml(object));
  }
  return bytes;
}

function definitionOf(
  kind: string,
  size: number,
): { readonly text: string; readonly kind: string; readonly spec: Json } {
  let parts = 1;
  for (;;) {
    const spec = specSchema(parts);
    const text = yaml(definition(kind, spec));
    if (text.length >= size) return { text, kind, spec };
    parts = Math.max(parts + 1, Math.floor((parts * size) / text.length));
  }
}

function definition(kind: string, spec: Json): Json {
  const plural = `${kind.toLowerCase()}s`;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${plural}.bench.example.com`,
      annotations: { 'controller-gen.kubebuilder.io/version': 'v0.17.0' },
    },
    spec: {
      group: 'bench.example.com',
      names: { categories: ['bench'], kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
      scope: 'Namespaced',
      versions: [
        {
          additionalPrinterColumns: [{ jsonPath: '.spec.replicas', name: 'Replicas', type: 'integer' }],
          name: 'v1',
          schema: {
            openAPIV3Schema: {
              description: describe('object', 0),
              properties: {
                apiVersion: { type: 'string' },
                kind: { type: 'string' },
                metadata: { type: 'object' },
                spec,
                status: { type: 'object', properties: { ready: { type: 'integer' } } },
              },
              required: ['spec'],
              type: 'object',
            },
          },
          served: true,
          storage: true,
          subresources: { status: {} },
        },
      ],
    },
  };
}

const describe = (name: string, i: number): string =>
  `${name} ${i} says what the operator does with this part of the object. More than one sentence is usual: defaults, what happens when it is left out, and which other fields it goes with.`;

function specSchema(parts: number): Json {
  const properties: Record<string, Json> = {
    replicas: { type: 'integer', format: 'int32', minimum: 0, maximum: 100, default: 1 },
    image: { type: 'string', maxLength: 200, pattern: '^[a-z0-9./:-]+$' },
  };
  for (let i = 0; i < parts; i++) properties[`part${i}`] = part(i, 0);
  return {
    description: describe('spec', parts),
    properties,
    required: ['image'],
    type: 'object',
    'x-kubernetes-validations': [
      { rule: 'self.replicas == 0 || self.image != ""', message: 'image must be set' },
      { rule: '!has(oldSelf.image) || self.image == oldSelf.image', message: 'image is immutable' },
    ],
  };
}

const LEVELS = 4;

function part(i: number, level: number): Json {
  const about = { description: describe('part', i) };
  if (level === LEVELS)
    return {
      ...about,
      type: 'array',
      maxItems: 20,
      'x-kubernetes-list-type': 'atomic',
      items: { type: 'string', maxLength: 63 },
    };
  const list = {
    ...about,
    type: 'array',
    maxItems: 16,
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['name'],
    items: {
      type: 'object',
      required: ['name'],
      properties: {
        name: { ...about, type: 'string', maxLength: 63 },
        port: { anyOf: [{ type: 'integer' }, { type: 'string' }], 'x-kubernetes-int-or-string': true },
        operator: { ...about, type: 'string', enum: ['In', 'NotIn', 'Exists'] },
        inner: part(i, level + 1),
      },
      ...(level === 0
        ? {
            'x-kubernetes-validations': [
              { rule: 'self.name.size() > 0 && self.name.matches("^[a-z0-9-]+$")', message: 'bad name' },
            ],
          }
        : {}),
    },
  };
  return {
    ...about,
    type: 'object',
    properties: {
      enabled: { ...about, type: 'boolean' },
      interval: { ...about, type: 'string', maxLength: 20, pattern: '^(0|([0-9]+(ms|s|m|h))+)$' },
      labels: { ...about, type: 'object', additionalProperties: { type: 'string', maxLength: 63 }, maxProperties: 16 },
      items: list,
    },
  };
}

/** A value of every fifth part, so that objects have some substance. */
function sampleOf(spec: Json, i: number): Json {
  const parts = Object.keys(spec['properties'] as Json).filter((name) => name.startsWith('part'));
  const chosen = parts.filter((_, at) => at % 5 === i % 5).slice(0, 20);
  const item = { name: 'a', port: 8080, operator: 'In', inner: { enabled: true, labels: { app: 'x' } } };
  const value = {
    enabled: true,
    interval: '30s',
    labels: { app: 'x', team: 'y' },
    items: [item, { ...item, name: 'b', port: 'http' }],
  };
  return { image: 'registry.example/app:v1', ...Object.fromEntries(chosen.map((name) => [name, value])) };
}

/** Block style, as generators write it. */
function yaml(value: unknown, indent = ''): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return ' []\n';
    return `\n${value.map((each) => `${indent}-${yamlItem(each, indent)}`).join('')}`;
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    if (entries.length === 0) return ' {}\n';
    const text = entries.map(([key, each]) => `${indent}${key}:${yamlValue(each, indent)}`).join('');
    return indent === '' ? text : `\n${text}`;
  }
  return ` ${typeof value === 'string' ? JSON.stringify(value) : String(value)}\n`;
}

function yamlValue(value: unknown, indent: string): string {
  return yaml(value, Array.isArray(value) ? indent || ' ' : `${indent}  `);
}

function yamlItem(value: unknown, indent: string): string {
  const text = yaml(value, `${indent}  `);
  return text.startsWith('\n') ? ` ${text.slice(indent.length + 3)}` : text;
}
