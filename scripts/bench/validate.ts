// How many manifests a second the whole of `kubeplan validate` judges: files of a realistic mix from disk, the bundle as a user starts it,
// beside kubeconform on the same files where KUBECONFORM names its binary (and KUBECONFORM_SCHEMAS its schemas).
// usage: npm run bench -- validate [FILES]
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUNDLE, buildBundle } from './bundle.ts';
import { type Timing, timed } from './timed-process.ts';

const RUNS = 3;

export async function benchValidate(args: readonly string[]): Promise<void> {
  const count = Number(args[0] ?? 10_000);
  buildBundle();
  const folder = mkdtempSync(join(tmpdir(), 'kubeplan-bench-'));
  try {
    writeMix(folder, count);
    console.log(`${count} files`.padEnd(28), ' seconds  files/s  peak MiB');
    report('kubeplan validate', count, () =>
      timed(process.execPath, [BUNDLE, 'validate', '-R', '-f', folder, '-o', 'json']),
    );
    const { KUBECONFORM: peer, KUBECONFORM_SCHEMAS: schemas } = process.env;
    if (peer)
      report('kubeconform (schemas only)', count, () =>
        timed(peer, ['-n', '2', '-strict', '-summary', ...(schemas ? ['-schema-location', schemas] : []), folder]),
      );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(name: string, count: number, run: () => Timing): void {
  const runs = Array.from({ length: RUNS }, run).sort((a, b) => a.seconds - b.seconds);
  const { seconds, peak } = runs[RUNS >> 1]!;
  console.log(
    `${name.padEnd(28)} ${seconds.toFixed(2).padStart(8)} ${(count / seconds).toFixed(0).padStart(8)} ${peak.toFixed(0).padStart(9)}`,
  );
}

function writeMix(folder: string, count: number): void {
  for (let i = 0; i < count; i++) {
    const group = join(folder, `app-${Math.floor(i / 100)}`);
    if (i % 100 === 0) mkdirSync(group);
    writeFileSync(join(group, `${i}.yaml`), MIX[i % MIX.length]!(i - (i % MIX.length)));
  }
}

/** Ten files make one application with a worker; only its Secret and its ingress class come from elsewhere. */
const MIX: readonly ((i: number) => string)[] = [
  (i) => deployment(`app-${i}`, i),
  (i) => service(`app-${i}`),
  configMap,
  (i) => deployment(`worker-${i}`, i),
  (i) => `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: app-${i}\n  labels:\n    app: app-${i}\n`,
  (i) =>
    `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: app-${i}\nspec:\n  ingressClassName: public\n  rules:\n    - host: app-${i}.example.com\n      http:\n        paths:\n          - path: /\n            pathType: Prefix\n            backend:\n              service:\n                name: app-${i}\n                port:\n                  number: 80\n`,
  (i) =>
    `apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata:\n  name: app-${i}\nspec:\n  scaleTargetRef:\n    apiVersion: apps/v1\n    kind: Deployment\n    name: app-${i}\n  minReplicas: 2\n  maxReplicas: 10\n  metrics:\n    - type: Resource\n      resource:\n        name: cpu\n        target:\n          type: Utilization\n          averageUtilization: 80\n`,
  (i) =>
    `apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: app-${i}\nrules:\n  - apiGroups: [""]\n    resources: [pods, configmaps]\n    verbs: [get, list, watch]\n`,
  (i) =>
    `apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: app-${i}\nspec:\n  minAvailable: 1\n  selector:\n    matchLabels:\n      app: app-${i}\n`,
  (i) => service(`worker-${i}`),
];

function deployment(name: string, i: number): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels:
    app: ${name}
    team: shop
spec:
  replicas: 3
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
        team: shop
    spec:
      serviceAccountName: app-${i}
      securityContext:
        runAsNonRoot: true
      containers:
        - name: main
          image: registry.example/shop/${name}:v1.2.${i}
          ports:
            - name: http
              containerPort: 8080
          env:
            - name: LOG_LEVEL
              value: info
            - name: DATABASE
              valueFrom:
                secretKeyRef:
                  name: app-${i}
                  key: url
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
            limits:
              memory: 256Mi
          readinessProbe:
            httpGet:
              path: /healthz
              port: http
            periodSeconds: 5
          volumeMounts:
            - name: config
              mountPath: /etc/app
      volumes:
        - name: config
          configMap:
            name: app-${i}
`;
}

function service(name: string): string {
  return `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n  labels:\n    app: ${name}\nspec:\n  selector:\n    app: ${name}\n  ports:\n    - name: http\n      port: 80\n      targetPort: http\n`;
}

function configMap(i: number): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: app-${i}\ndata:\n  app.properties: |\n    name=app-${i}\n    color=blue\n    retries=3\n  mode: production\n`;
}
