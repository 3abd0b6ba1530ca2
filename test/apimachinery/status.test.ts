import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { duplicate, invalid, required } from '../../src/apimachinery/field-error.ts';
import { FieldPath } from '../../src/apimachinery/field-path.ts';
import {
  alreadyExists,
  applyConflict,
  badRequest,
  conflict,
  forbidden,
  generateNameConflict,
  genericServerResponse,
  hasStatusCause,
  internalError,
  methodNotSupported,
  newInvalid,
  notFound,
  statusDocument,
  tooManyRequests,
  withCause,
} from '../../src/apimachinery/status.ts';

const statuses = suite('Status');
const deployments = { group: 'apps', resource: 'deployments' };
const pods = { group: '', resource: 'pods' };
const nothing = { group: '', resource: '' };

for (const { status, code, reason, message } of [
  { status: notFound(pods, 'web'), code: 404, reason: 'NotFound', message: 'pods "web" not found' },
  {
    status: alreadyExists(deployments, 'web'),
    code: 409,
    reason: 'AlreadyExists',
    message: 'deployments.apps "web" already exists',
  },
  {
    status: generateNameConflict(pods, 'web-', 1),
    code: 409,
    reason: 'AlreadyExists',
    message: 'pods "web-" already exists, the server was not able to generate a unique name for the object',
  },
  {
    status: forbidden(pods, 'web', 'exceeded quota'),
    code: 403,
    reason: 'Forbidden',
    message: 'pods "web" is forbidden: exceeded quota',
  },
  { status: forbidden(pods, '', 'no'), code: 403, reason: 'Forbidden', message: 'pods is forbidden: no' },
  { status: forbidden(nothing, '', 'no'), code: 403, reason: 'Forbidden', message: 'forbidden: no' },
  {
    status: conflict(deployments, 'web', 'modified'),
    code: 409,
    reason: 'Conflict',
    message: 'Operation cannot be fulfilled on deployments.apps "web": modified',
  },
  { status: badRequest('bad'), code: 400, reason: 'BadRequest', message: 'bad' },
  { status: tooManyRequests('later', 10), code: 429, reason: 'TooManyRequests', message: 'later' },
  {
    status: methodNotSupported(deployments, 'patch'),
    code: 405,
    reason: 'MethodNotAllowed',
    message: 'patch is not supported on resources of kind "deployments.apps"',
  },
  { status: internalError('i'), code: 500, reason: 'InternalError', message: 'Internal error occurred: i' },
  {
    status: genericServerResponse(422, { serverMessage: 'x' }),
    code: 422,
    reason: 'Invalid',
    message: 'the server rejected our request due to an error in our request',
  },
  {
    status: genericServerResponse(404, { verb: 'GET', resource: deployments, name: 'web' }),
    code: 404,
    reason: 'NotFound',
    message: 'the server could not find the requested resource (get deployments.apps web)',
  },
]) {
  statuses(`${reason} says "${message}"`, () => {
    assert.is(status.code, code);
    assert.is(status.reason, reason);
    assert.is(status.message, message);
    assert.is(status.status, 'Failure');
  });
}

const replicas = FieldPath.of('spec', 'replicas');
const kind = { group: 'apps', kind: 'Deployment' };

statuses('one error stands without brackets', () => {
  const status = newInvalid(kind, 'web', [required(replicas, '')]);
  assert.is(status.message, 'Deployment.apps "web" is invalid: spec.replicas: Required value');
  assert.equal(status.details, {
    name: 'web',
    group: 'apps',
    kind: 'Deployment',
    causes: [{ reason: 'FieldValueRequired', message: 'Required value', field: 'spec.replicas' }],
  });
});

statuses('several errors are listed, a repeated one said once but kept as a cause', () => {
  const again = invalid(replicas, -1, 'bad');
  const status = newInvalid(kind, 'web', [again, duplicate(replicas, 'x'), again]);
  assert.is(
    status.message,
    'Deployment.apps "web" is invalid: [spec.replicas: Invalid value: -1: bad, spec.replicas: Duplicate value: "x"]',
  );
  assert.is(status.details?.causes?.length, 3);
});

statuses('no errors leave the bare sentence', () => {
  assert.is(newInvalid({ group: '', kind: 'Pod' }, 'x', []).message, 'Pod "x" is invalid');
});

statuses('the document leaves empty fields out', () => {
  assert.equal(statusDocument(notFound(pods, 'web')), {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'pods "web" not found',
    reason: 'NotFound',
    details: { name: 'web', kind: 'pods' },
    code: 404,
  });
  assert.equal(statusDocument(tooManyRequests('later', 10))['details'], { retryAfterSeconds: 10 });
  const causes = [{ reason: 'FieldManagerConflict', message: 'm', field: '.f' }];
  assert.equal(statusDocument(applyConflict(causes, 'm'))['details'], { causes });
});

statuses('a cause can be added and found', () => {
  const cause = { reason: 'NamespaceTerminating', message: 'm', field: 'metadata.namespace' };
  const status = withCause(forbidden(pods, 'x', 't'), cause);
  assert.ok(hasStatusCause(status, 'NamespaceTerminating'));
  assert.not.ok(hasStatusCause(forbidden(pods, 'x', 't'), 'NamespaceTerminating'));
});

statuses.run();
