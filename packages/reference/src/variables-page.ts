import { codeSpan, markdownTable } from '@docker-flow/labels';
import { describeDefault, type Variable } from './variables/describe-default.js';

/** The variables of one program. */
export interface VariableSection {
  readonly title: string;
  /** What is to be known before the table. */
  readonly says: string;
  readonly variables: Readonly<Record<string, Variable>>;
  readonly meanings: Readonly<Record<string, string>>;
  /** Variables that may also come from a file or a secret. */
  readonly secrets: readonly string[];
  /** Defaults that are durations, kept in milliseconds. */
  readonly durations?: readonly string[];
  /** Defaults that depend on the machine. */
  readonly defaults?: Readonly<Record<string, string>>;
  /** Variables whose names vary: name and meaning. */
  readonly families?: readonly (readonly [name: string, meaning: string])[];
}

const INTRODUCTION = `# Variables

<!-- Written by \`pnpm reference-docs\` from the programs' own tables of variables. -->

Programs are set up by environment variables alone. A value that cannot be read ends the program at start, with all such
problems named at once. A default is what is used when the variable is unset.

Variables marked **S** may hold something secret. Put it into a file and its path into \`<NAME>_FILE\`, or into a Swarm secret
named like the variable in small letters; no program ever logs it.
`;

/** The page of all variables; a program whose meanings do not fit its variables does not compile. */
export function renderVariablesPage(sections: readonly VariableSection[]): string {
  return [INTRODUCTION, ...sections.map(renderSection)].join('\n');
}

function renderSection(section: VariableSection): string {
  const { title, says, variables, meanings, secrets, families = [] } = section;
  const rows = Object.entries(variables).map(([name, variable]) => [
    codeSpan(name),
    secrets.includes(name) ? 'S' : '',
    defaultText(section, name, variable),
    meanings[name] ?? '',
  ]);
  const parts = [
    `## ${title}\n`,
    `${says}\n`,
    `${markdownTable(['variable', 'S', 'default', 'meaning'], rows)}\n`,
  ];
  if (families.length > 0) parts.push(`${markdownTable(['also', 'meaning'], families)}\n`);
  return parts.join('\n');
}

function defaultText(
  { durations = [], defaults = {} }: VariableSection,
  name: string,
  variable: Variable,
): string {
  const text = defaults[name] ?? describeDefault(variable, durations.includes(name) ? 'duration' : undefined);
  return text === undefined ? '–' : codeSpan(text);
}
