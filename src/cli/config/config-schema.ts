// The configuration file's published JSON Schema (`kubeplan schema config`), made from the table of settings.
import { type TSchema, Type } from '@sinclair/typebox';
import { CONFIG_API_VERSION, CONFIG_KIND } from './config-kind.ts';
import { SETTINGS, type Setting, type SettingKind } from './settings.ts';

const SHAPES: Readonly<Record<SettingKind, (description: string) => TSchema>> = {
  text: (description) => Type.Union([Type.String(), Type.Number()], { description }),
  path: (description) => Type.String({ description: `${description}; relative to this file`, minLength: 1 }),
  flag: (description) => Type.Boolean({ description }),
  list: (description) => Type.Array(Type.String(), { description }),
  paths: (description) =>
    Type.Array(Type.String({ minLength: 1 }), { description: `${description}; relative to this file` }),
  outputs: (description) => Type.Array(Type.String(), { description }),
  gates: (description) => Type.Record(Type.String(), Type.Boolean(), { description }),
};

const suppression = Type.Object(
  {
    rule: Type.String({ description: 'a rule, as Unschedulable; * for all', minLength: 1 }),
    object: Type.Optional(Type.String({ description: 'as Deployment shop/web, with * for any text; all when absent' })),
    field: Type.Optional(Type.String({ description: 'only at this field' })),
    reason: Type.String({ description: 'why this is fine', minLength: 1, pattern: '\\S' }),
  },
  { additionalProperties: false },
);

const shapeOf = ({ kind, help }: Setting): TSchema => Type.Optional(SHAPES[kind](help));

export const configSchema = Type.Object(
  {
    apiVersion: Type.Literal(CONFIG_API_VERSION),
    kind: Type.Literal(CONFIG_KIND),
    ...Object.fromEntries(SETTINGS.map((setting) => [setting.name, shapeOf(setting)])),
    suppressions: Type.Optional(
      Type.Array(suppression, { description: 'problems that are known, each with its reason' }),
    ),
  },
  { additionalProperties: false, $id: 'https://kubeplan.dev/schemas/configuration-v1.json', title: CONFIG_KIND },
);
