import type { Command } from 'commander';

type Shell = 'bash' | 'zsh' | 'fish';

interface Completed {
  readonly name: string;
  readonly description: string;
  readonly options: readonly {
    readonly flags: readonly string[];
    readonly description: string;
    readonly choices: readonly string[];
  }[];
}

/** The script that completes commands, their options and the words that options take; else files. */
export function completionScript(shell: Shell, program: Command): string {
  const commands = program.commands.map((command) => describe(command, program));
  return { bash, zsh, fish }[shell](commands);
}

function describe(command: Command, program: Command): Completed {
  return {
    name: command.name(),
    description: command.description(),
    options: [...command.options, ...program.options].map(({ short, long, description, argChoices }) => ({
      flags: [long, short].filter((flag) => typeof flag === 'string'),
      description,
      choices: argChoices ?? [],
    })),
  };
}

function bash(commands: readonly Completed[]): string {
  const cases = commands.map(({ name, options }) => {
    const flags = options.flatMap((option) => option.flags).join(' ');
    const values = options
      .filter(({ choices }) => choices.length > 0)
      .map(
        ({ flags: own, choices }) =>
          `        ${own.join('|')}) COMPREPLY=($(compgen -W '${choices.join(' ')}' -- "$word")); return ;;\n`,
      );
    return `    ${name})
      case $before in
${values.join('')}      esac
      [[ $word == -* ]] && COMPREPLY=($(compgen -W '${flags}' -- "$word"))
      ;;
`;
  });
  const names = commands.map(({ name }) => name).join(' ');
  return `# Completes dflow: source <(dflow completion bash)
_dflow() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]}
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${names} --help --version' -- "$word"))
    return
  fi
  case $command in
${cases.join('')}  esac
}
complete -o default -F _dflow dflow
`;
}

function zsh(commands: readonly Completed[]): string {
  const names = commands.map(({ name, description }) => `    '${name}:${quote(description)}'\n`);
  const cases = commands.map(({ name, options }) => {
    const specs = options.flatMap(({ flags, description, choices }) =>
      flags.map((flag) => {
        const value = choices.length > 0 ? `:value:(${choices.join(' ')})` : '';
        return `      '*${flag}[${quote(description).replaceAll(/[[\]]/g, '\\$&')}]${value}' \\\n`;
      }),
    );
    return `    ${name}) _arguments \\\n${specs.join('')}      '*:file:_files' ;;\n`;
  });
  return `#compdef dflow
# Completes dflow: source <(dflow completion zsh)
_dflow() {
  local -a commands=(
${names.join('')}  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case \${words[2]} in
${cases.join('')}  esac
}
compdef _dflow dflow
`;
}

function fish(commands: readonly Completed[]): string {
  const names = commands.map(
    ({ name, description }) =>
      `complete -c dflow -n __fish_use_subcommand -f -a ${name} -d '${quote(description)}'\n`,
  );
  const options = commands.flatMap(({ name, options: own }) =>
    own.map(({ flags, description, choices }) => {
      const long = flags.find((flag) => flag.startsWith('--'))?.slice(2);
      const short = flags.find((flag) => !flag.startsWith('--'))?.slice(1);
      return [
        `complete -c dflow -n '__fish_seen_subcommand_from ${name}'`,
        ...(long === undefined ? [] : [`-l ${long}`]),
        ...(short === undefined ? [] : [`-s ${short}`]),
        ...(choices.length === 0 ? [] : [`-x -a '${choices.join(' ')}'`]),
        `-d '${quote(description)}'\n`,
      ].join(' ');
    }),
  );
  return `# Completes dflow: dflow completion fish | source\n${[...names, ...options].join('')}`;
}

/** Descriptions stand between single quotes. */
function quote(text: string): string {
  return text.replaceAll("'", '’').replaceAll(':', '');
}
