// Whether the probes and lifecycle hooks of a container can be carried out.
// Behaviour: pkg/apis/core/validation/validation.go (validateProbe, validateHandler, validateLifecycle), Kubernetes v1.36.3.
import {
  type FieldError,
  forbidden,
  invalid,
  namedString,
  notSupported,
  required,
} from '../../../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../../../apimachinery/field-path.ts';
import type { IntOrString } from '../../../../../apimachinery/int-or-string.ts';
import { isHttpHeaderName, isValidPortName, isValidPortNum } from '../../../../../apimachinery/validation/names.ts';
import type {
  HTTPGetAction,
  LifecycleHandler,
  PodSpec,
  Probe,
  ProbeHandler,
  SleepAction,
} from '../../../../../schema/generated/types/core-v1.ts';
import type { AnyContainer } from '../../visit-containers.ts';
import { pushInvalid } from '../name.ts';
import type { PodValidationOptions } from '../options.ts';

const ONE_HANDLER = 'may not specify more than 1 handler type';
const A_HANDLER = 'must specify a handler type';
const MUST_BE_ONE = 'must be 1';
const IS_NEGATIVE = 'must be greater than or equal to 0';
const NOT_ABOVE_ZERO = 'must be greater than 0';
const NOT_FOR_READINESS = 'must not be set for readinessProbes';
const STOP_SIGNAL_WITHOUT_OS = 'may not be set for containers with empty `spec.os.name`';

const httpSchemes = ['HTTP', 'HTTPS'];
const windowsStopSignals = ['SIGKILL', 'SIGTERM'];
const linuxStopSignals: readonly string[] = [
  ...'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP'.split(
    ' ',
  ),
  ...'TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX'.split(' '),
  ...Array.from({ length: 15 }, (_, i) => `RTMIN+${i + 1}`),
  ...Array.from({ length: 14 }, (_, i) => `RTMAX-${i + 1}`),
]
  .map((name) => `SIG${name}`)
  .sort();

/** The pod's answers that handlers depend on. */
export interface PodAnswers {
  readonly gracePeriod: number | undefined;
  readonly os: PodSpec['os'];
}

export function validateProbes(
  { livenessProbe, readinessProbe, startupProbe }: AnyContainer,
  pod: PodAnswers,
  path: FieldPath,
  options: PodValidationOptions,
  errors: FieldError[],
): void {
  if (livenessProbe) validateSucceedingOnce(livenessProbe, pod, path.child('livenessProbe'), options, errors);
  if (readinessProbe) {
    const probePath = path.child('readinessProbe');
    validateProbe(readinessProbe, pod, probePath, options, errors);
    const seconds = readinessProbe.terminationGracePeriodSeconds;
    if (seconds !== undefined) {
      errors.push(invalid(probePath.child('terminationGracePeriodSeconds'), seconds, NOT_FOR_READINESS));
    }
  }
  if (startupProbe) validateSucceedingOnce(startupProbe, pod, path.child('startupProbe'), options, errors);
}

function validateSucceedingOnce(
  probe: Probe,
  pod: PodAnswers,
  path: FieldPath,
  options: PodValidationOptions,
  errors: FieldError[],
): void {
  validateProbe(probe, pod, path, options, errors);
  const threshold = probe.successThreshold ?? 0;
  if (threshold !== 1) errors.push(invalid(path.child('successThreshold'), threshold, MUST_BE_ONE));
}

const COUNTS = [
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
] as const;

function validateProbe(
  probe: Probe,
  pod: PodAnswers,
  path: FieldPath,
  options: PodValidationOptions,
  errors: FieldError[],
): void {
  validateHandler(probe, pod, path, options, errors);
  for (const field of COUNTS) {
    const value = probe[field] ?? 0;
    if (value < 0) errors.push(invalid(path.child(field), value, IS_NEGATIVE));
  }
  const seconds = probe.terminationGracePeriodSeconds;
  if (seconds !== undefined && seconds <= 0) {
    errors.push(invalid(path.child('terminationGracePeriodSeconds'), seconds, NOT_ABOVE_ZERO));
  }
}

type Handler = ProbeHandler & LifecycleHandler;

function validateHandler(
  handler: Handler,
  pod: PodAnswers,
  path: FieldPath,
  options: PodValidationOptions,
  errors: FieldError[],
): void {
  let seen = false;
  const take = (name: keyof Handler, check: (handlerPath: FieldPath) => void) => {
    const handlerPath = path.child(name);
    if (seen) errors.push(forbidden(handlerPath, ONE_HANDLER));
    else check(handlerPath);
    seen = true;
  };
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler;
  if (exec) {
    take('exec', (at) => {
      if (!exec.command?.length) errors.push(required(at.child('command'), ''));
    });
  }
  if (httpGet) take('httpGet', (at) => validateHttpGet(httpGet, at, errors));
  if (tcpSocket) take('tcpSocket', (at) => validatePortNumOrName(tcpSocket.port, at.child('port'), errors));
  if (grpc) take('grpc', (at) => validatePortNumOrName(grpc.port, at.child('port'), errors));
  if (sleep) take('sleep', (at) => validateSleep(sleep, pod.gracePeriod, at, options, errors));
  if (!seen) errors.push(required(path, A_HANDLER));
}

function validateHttpGet(action: HTTPGetAction, path: FieldPath, errors: FieldError[]): void {
  if (!action.path) errors.push(required(path.child('path'), ''));
  validatePortNumOrName(action.port, path.child('port'), errors);
  if (!httpSchemes.includes(action.scheme ?? '')) {
    errors.push(notSupported(path.child('scheme'), namedString(action.scheme ?? ''), httpSchemes));
  }
  for (const { name } of action.httpHeaders ?? []) {
    pushInvalid(isHttpHeaderName(name), path.child('httpHeaders'), name, errors);
  }
}

export function validatePortNumOrName(port: IntOrString, path: FieldPath, errors: FieldError[]): void {
  pushInvalid(typeof port === 'number' ? isValidPortNum(port) : isValidPortName(port), path, port, errors);
}

/** An invalid grace period is told elsewhere; here one that is missing allows everything. */
function validateSleep(
  { seconds }: SleepAction,
  gracePeriod: number | undefined,
  path: FieldPath,
  options: PodValidationOptions,
  errors: FieldError[],
): void {
  if (gracePeriod === undefined) return;
  const mayBeZero = options.allowPodLifecycleSleepActionZeroValue;
  if (seconds > 0 || (mayBeZero && seconds === 0)) if (seconds <= gracePeriod) return;
  const limit = `less than terminationGracePeriodSeconds (${gracePeriod})`;
  const detail = mayBeZero
    ? `must be non-negative and ${limit}`
    : `must be greater than 0 and ${limit}. Enable AllowPodLifecycleSleepActionZeroValue feature gate for zero sleep.`;
  errors.push(invalid(path, seconds, detail));
}

export function validateLifecycle(
  { lifecycle }: AnyContainer,
  pod: PodAnswers,
  containerPath: FieldPath,
  options: PodValidationOptions,
  errors: FieldError[],
): void {
  if (!lifecycle) return;
  const path = containerPath.child('lifecycle');
  const { postStart, preStop, stopSignal } = lifecycle;
  if (postStart) validateHandler(withoutGrpc(postStart), pod, path.child('postStart'), options, errors);
  if (preStop) validateHandler(withoutGrpc(preStop), pod, path.child('preStop'), options, errors);
  if (stopSignal !== undefined) validateStopSignal(stopSignal, pod.os, path.child('stopSignal'), errors);
}

function withoutGrpc(handler: LifecycleHandler): Handler {
  return handler;
}

function validateStopSignal(signal: string, os: PodSpec['os'], path: FieldPath, errors: FieldError[]): void {
  if (!os) errors.push(forbidden(path, STOP_SIGNAL_WITHOUT_OS));
  else {
    const supported = os.name === 'windows' ? windowsStopSignals : os.name === 'linux' ? linuxStopSignals : undefined;
    if (supported && !supported.includes(signal)) errors.push(notSupported(path, namedString(signal), supported));
  }
}
