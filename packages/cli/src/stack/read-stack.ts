import { parseYaml } from '../yaml/parse-yaml.js';
import { readPlain } from '../yaml/plain-value.js';
import { entriesOf, textOf, valueOf, type Place, type Placed } from '../yaml/placed.js';
import { interpolate } from './interpolate.js';
import { misshapenParts } from './misshapen-parts.js';
import { entryMeant, misspeltKeys } from './misspelt-keys.js';
import type { StackProblem } from './problem.js';
import { completeService, mergeServices, readService, type PartialService } from './read-service.js';
import type { Stack, StackNetwork } from './stack.js';
import { unfilledValues } from './unfilled-values.js';

const LARGEST_FILE = 16 * 1024 * 1024;

/** A file as it was read. */
export interface SourceFile {
  /** As given on the command line. */
  readonly name: string;
  readonly bytes: Buffer;
}

export interface ReadStackOptions {
  readonly name: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Reads one stack from its files, the later before the earlier. Never throws: what is wrong is in `problems`. */
export function readStack(files: readonly SourceFile[], { name, environment }: ReadStackOptions): Stack {
  const problems: StackProblem[] = [];
  const services = new Map<string, PartialService>();
  const networks = new Map<string, StackNetwork>();
  const sources = new Map<string, readonly string[]>();
  for (const file of files) {
    const read = readFile(file, problems);
    sources.set(file.name, read.lines);
    if (read.root) problems.push(...unfilledValues(read.root, environment));
    for (const service of servicesOf(read.root, environment)) {
      const earlier = services.get(service.name);
      services.set(service.name, earlier ? mergeServices(earlier, service) : service);
    }
    for (const network of networksOf(read.root, name, environment)) networks.set(network.key, network);
  }
  // Docker makes it for services that name no network.
  if (!networks.has('default'))
    networks.set('default', { key: 'default', realName: `${name}_default`, isOwn: true });
  return {
    name,
    files: files.map((file) => file.name),
    services: [...services.values()].map(completeService),
    networks,
    problems: [...problems, ...[...services.values()].flatMap((service) => service.problems)],
    sources,
  };
}

function readFile({ name, bytes }: SourceFile, problems: StackProblem[]) {
  const start: Place = { file: name, line: 1, column: 1, endLine: 1, endColumn: 1 };
  const refuse = (code: StackProblem['code'], message: string, place: Place = start) =>
    void problems.push({ code, severity: 'error', message, place });
  if (bytes.length > LARGEST_FILE) {
    refuse('DF004', `${name} is larger than 16 MB`);
    return { lines: [] };
  }
  const text = decode(bytes);
  if (text === undefined) {
    refuse('DF001', `${name} is not text in UTF-8`);
    return { lines: [] };
  }
  const parsed = parseYaml(text, name);
  for (const { kind, message, place } of parsed.problems)
    refuse(kind === 'size' ? 'DF004' : 'DF001', message, place);
  if (parsed.secondDocument)
    problems.push({
      code: 'DF003',
      severity: 'warning',
      message: 'the file has more than one document; only the first one counts',
      expected: 'two files',
      place: parsed.secondDocument,
    });
  const { root, lines } = parsed;
  if (parsed.problems.length > 0) return { lines };
  if (!root || isEmpty(root)) refuse('DF002', `${name} is empty`);
  else if (root.kind !== 'map') refuse('DF002', 'the file is not a mapping with services', root.place);
  else {
    problems.push(...misspeltKeys(root), ...misshapenParts(root));
    return { root, lines };
  }
  return { lines };
}

function decode(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function isEmpty(node: Placed): boolean {
  return node.kind === 'text' && node.isPlain && readPlain(node.text).kind === 'null';
}

function servicesOf(
  root: Placed | undefined,
  environment: ReadStackOptions['environment'],
): readonly PartialService[] {
  const services = entriesOf(root && entryMeant(root, 'services')?.value);
  return services.map((entry) => readService(entry, environment));
}

function networksOf(
  root: Placed | undefined,
  stack: string,
  environment: ReadStackOptions['environment'],
): readonly StackNetwork[] {
  const fill = (node: Placed | undefined) => {
    const text = textOf(node);
    return text === undefined ? undefined : interpolate(text, environment).text;
  };
  return entriesOf(valueOf(root, 'networks')).map(({ key, value }) => {
    const external = valueOf(value, 'external');
    const externalName = fill(valueOf(external, 'name'));
    const isExternal = externalName !== undefined || fill(external) === 'true';
    const given = externalName ?? fill(valueOf(value, 'name'));
    return {
      key: key.text,
      realName: given ?? (isExternal ? key.text : `${stack}_${key.text}`),
      isOwn: !isExternal && given === undefined && fill(valueOf(value, 'attachable')) !== 'true',
    };
  });
}
