// docs/reference/commands.md from the command table.
import { type CommandSpec, type OptionSpec, optionName } from '../../src/cli/command.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import { SETTINGS, variableOf } from '../../src/cli/config/settings.ts';
import { CONFIG_OPTIONS } from '../../src/cli/options.ts';
import { cell, table } from './markdown.ts';

export function commandsPage(): string {
  const list = COMMANDS.map(({ command: { name, summary } }) => [`[\`kubeplan ${name}\`](#${anchor(name)})`, summary]);
  return [
    '# Commands',
    '',
    table(['command', 'does'], list),
    '',
    'Every command also has these:',
    '',
    optionTable([...CONFIG_OPTIONS, { flags: '-h, --help', help: 'examples and options' }]),
    '',
    ...COMMANDS.flatMap(({ command }) => section(command)),
    '## Exit codes',
    '',
    table(
      ['code', 'means'],
      [
        ['0', 'all is well; `auth can-i`: yes'],
        ['1', 'the tool failed or was misused; `auth can-i`: no'],
        ['2', 'there are changes (only with `--detailed-exitcode`)'],
        ['3', 'the API server would refuse something'],
        ['4', 'the cluster does not converge, or `--fail-on` found something'],
        ['130', 'interrupted'],
      ],
    ),
    '',
    '## Settings',
    '',
    'A flag goes before the environment, that before the configuration file, that before the default. `kubeplan config` shows where each value comes from.',
    '',
    table(
      ['setting in kubeplan.yaml', 'variable', 'is'],
      SETTINGS.map((setting) => [`\`${setting.name}\``, `\`${variableOf(setting)}\``, setting.help]),
    ),
    '',
  ].join('\n');
}

function section({ name, summary, examples, arguments: args = [], options }: CommandSpec): string[] {
  const usage = [
    'kubeplan',
    name,
    ...args.map((argument) => argument.name),
    ...(options.length > 0 ? ['[options]'] : []),
  ];
  return [
    `## ${name}`,
    '',
    summary,
    '',
    '```sh',
    ...examples.map((example) => `kubeplan ${example}`),
    '```',
    '',
    `Usage: \`${usage.join(' ')}\``,
    '',
    ...(args.length > 0
      ? [
          table(
            ['argument', 'is'],
            args.map((argument) => [`\`${argument.name}\``, argument.help]),
          ),
          '',
        ]
      : []),
    ...(options.length > 0 ? [optionTable(options), ''] : []),
  ];
}

function optionTable(options: readonly OptionSpec[]): string {
  const rows = options.map((option) => {
    const { flags, help, choices, default: fallback } = option;
    const more = [
      ...(choices ? [choices.join(', ')] : []),
      ...(fallback === undefined || optionName(option) === '' ? [] : [`default \`${String(fallback)}\``]),
    ];
    return [`\`${flags}\``, cell(more.length > 0 ? `${help} (${more.join('; ')})` : help)];
  });
  return table(['option', 'does'], rows);
}

function anchor(name: string): string {
  return name.replaceAll(' ', '-');
}
