// Which pod security level and version a namespace's labels ask for, in each of the modes.
// Behaviour: [pod-security-admission]/api/{helpers,constants}.go, Kubernetes v1.36.3.
// Left out: the mode audit, which only writes to the audit log, except that its labels must be valid.
import { type FieldError, invalid } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';

type Level = 'privileged' | 'baseline' | 'restricted';

export interface LevelVersion {
  readonly level: Level;
  /** The minor version of Kubernetes 1. */
  readonly version: number | 'latest';
}

interface Policy {
  readonly enforce: LevelVersion;
  readonly warn: LevelVersion;
  readonly errors: readonly FieldError[];
}

const PREFIX = 'pod-security.kubernetes.io/';
const LEVELS: readonly Level[] = ['privileged', 'baseline', 'restricted'];
const WRONG_LEVEL = `must be one of ${LEVELS.join(', ')}`;
const WRONG_VERSION = 'must be "latest" or "v1.x"';
const VERSION = /^v1\.([0-9]|[1-9][0-9]*)$/;
const LABELS = FieldPath.of('metadata', 'labels');
const NOTHING_ASKED: Policy = {
  enforce: { level: 'privileged', version: 'latest' },
  warn: { level: 'privileged', version: 'latest' },
  errors: [],
};

type Mode = 'enforce' | 'audit' | 'warn';
type Labels = Readonly<Record<string, string>>;

/** There is always a policy: an enforce label that says nothing sensible asks for the strictest one. */
export function policyOf(labels: Labels | undefined): Policy {
  if (!labels || !asksForAnything(labels)) return NOTHING_ASKED;
  const errors: FieldError[] = [];
  const enforceLevel = levelOf(labels, 'enforce', errors);
  const enforceVersion = versionOf(labels, 'enforce', errors);
  levelOf(labels, 'audit', errors);
  versionOf(labels, 'audit', errors);
  const warnLevel = levelOf(labels, 'warn', errors);
  const warnVersion = versionOf(labels, 'warn', errors);
  const enforce: LevelVersion = {
    level: enforceLevel === 'wrong' ? 'restricted' : (enforceLevel ?? 'privileged'),
    version: enforceVersion ?? 'latest',
  };
  if (warnLevel !== undefined || enforceLevel === 'wrong' || enforce.level === 'privileged') {
    const level = warnLevel === 'wrong' ? 'privileged' : (warnLevel ?? 'privileged');
    return { enforce, warn: { level, version: warnVersion ?? 'latest' }, errors };
  }
  // Who enforces a level without a word on warnings is warned at that level too.
  return { enforce, warn: { level: enforce.level, version: warnVersion ?? enforce.version }, errors };
}

function asksForAnything(labels: Labels): boolean {
  for (const key in labels) if (key.startsWith(PREFIX)) return true;
  return false;
}

function versionLabel(mode: Mode): string {
  return `${PREFIX}${mode}-version`;
}

function levelOf(labels: Labels, mode: Mode, errors: FieldError[]): Level | 'wrong' | undefined {
  const text = labels[PREFIX + mode];
  if (text === undefined) return undefined;
  const level = LEVELS.find((known) => known === text);
  if (level !== undefined) return level;
  errors.push(invalid(LABELS.key(PREFIX + mode), text, WRONG_LEVEL));
  return 'wrong';
}

function versionOf(labels: Labels, mode: Mode, errors: FieldError[]): number | 'latest' | undefined {
  const text = labels[versionLabel(mode)];
  if (text === undefined || text === 'latest') return text;
  const minor = Number(VERSION.exec(text)?.[1] ?? Number.NaN);
  if (Number.isSafeInteger(minor)) return minor;
  errors.push(invalid(LABELS.key(versionLabel(mode)), text, WRONG_VERSION));
  return 'latest';
}

/** `restricted:v1.30`, as messages name it. */
export function levelVersionText({ level, version }: LevelVersion): string {
  return `${level}:${version === 'latest' ? version : `v1.${version}`}`;
}

export function isSamePolicy(a: LevelVersion, b: LevelVersion): boolean {
  return a.level === b.level && a.version === b.version;
}

export function isStricter(a: Level, b: Level): boolean {
  return LEVELS.indexOf(a) > LEVELS.indexOf(b);
}
