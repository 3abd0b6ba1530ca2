// A cluster with admission policies, for tests of what they decide.
import { mutatingAdmissionPolicy } from '../../../../src/apiserver/admission/mutating-admission-policy/mutating-admission-policy.ts';
import { validatingAdmissionPolicy } from '../../../../src/apiserver/admission/validating-admission-policy/validating-admission-policy.ts';
import { type Document, type Json, TestServer, type Verdict } from '../../test-server.ts';

const API_VERSION = 'admissionregistration.k8s.io/v1';
export const CONFIG_MAPS = {
  apiGroups: [''],
  apiVersions: ['v1'],
  operations: ['CREATE', 'UPDATE'],
  resources: ['configmaps'],
};

interface PolicySample {
  readonly name?: string;
  readonly policy: Json;
  readonly binding?: Json;
}

export class PolicyCluster {
  readonly server = new TestServer({}, [mutatingAdmissionPolicy, validatingAdmissionPolicy]);

  constructor(...namespaces: readonly Document[]) {
    for (const one of [namespace('ns', { team: 'core' }), ...namespaces]) this.must(one);
  }

  must(document: Document): Verdict {
    const verdict = this.server.create(document);
    if (verdict.code >= 300) throw new Error(verdict.message);
    return verdict;
  }

  /** A policy with one binding, both called `name`. */
  validating({ name = 'p', policy, binding = {} }: PolicySample): this {
    const spec = { matchConstraints: { resourceRules: [CONFIG_MAPS] }, ...policy };
    this.must({ apiVersion: API_VERSION, kind: 'ValidatingAdmissionPolicy', metadata: { name }, spec });
    const bound = { policyName: name, validationActions: ['Deny'], ...binding };
    this.must({ apiVersion: API_VERSION, kind: 'ValidatingAdmissionPolicyBinding', metadata: { name }, spec: bound });
    return this;
  }

  mutating({ name = 'm', policy, binding = {} }: PolicySample): this {
    const spec = { matchConstraints: { resourceRules: [CONFIG_MAPS] }, reinvocationPolicy: 'Never', ...policy };
    this.must({ apiVersion: API_VERSION, kind: 'MutatingAdmissionPolicy', metadata: { name }, spec });
    const bound = { policyName: name, ...binding };
    this.must({ apiVersion: API_VERSION, kind: 'MutatingAdmissionPolicyBinding', metadata: { name }, spec: bound });
    return this;
  }
}

export function namespace(name: string, labels: Json = {}): Document {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

export function configMap(data: Json = {}, metadata: Json = {}): Document {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'ns', ...metadata }, data };
}
