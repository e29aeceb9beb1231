import { readPort } from '@docker-flow/labels';
import { isCaddyLabel } from '../../convert/caddy/read-labels.js';
import { convertCaddy } from '../../convert/caddy/convert-caddy.js';
import type { Conversion, WrittenLabel } from '../../convert/conversion.js';
import { rewriteStack } from '../../convert/rewrite-stack.js';
import { writtenLabels } from '../../convert/stack-labels.js';
import { convertTraefik } from '../../convert/traefik/convert-traefik.js';
import { isTraefikLabel } from '../../convert/traefik/read-labels.js';
import { CannotRunError, FINE, type ExitStatus } from '../../exit-status.js';
import { readSourceFile } from '../../input/read-files.js';
import type { Io } from '../../io.js';
import { onOneLine } from '../../lint/findings/show-value.js';
import { parseYaml } from '../../yaml/parse-yaml.js';
import type { ConvertOptions } from './options.js';

/** Prints the converted stack; what has no equal is told, and stands in the stack as a comment. */
export async function runConvert(file: string, options: ConvertOptions, io: Io): Promise<ExitStatus> {
  const entryPoints = new Map(options.entryPoint.map(readEntryPoint));
  const { name, bytes } = await readSourceFile(file, io);
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  const { root, problems } = parseYaml(text, name);
  const [problem] = problems;
  if (problem) throw new CannotRunError(`${name}:${problem.place.line}: ${problem.message}`);
  if (root?.kind !== 'map') throw new CannotRunError(`${name} is not a mapping with services`);
  const isForeign = options.from === 'traefik' ? isTraefikLabel : isCaddyLabel;
  const convert = (labels: readonly WrittenLabel[]) =>
    options.from === 'traefik' ? convertTraefik(labels, { entryPoints }) : convertCaddy(labels);
  const conversions = new Map<string, Conversion>();
  for (const [service, labels] of writtenLabels(root)) {
    const conversion = convert(labels.filter((label) => isForeign(label.name)));
    if (conversion) conversions.set(service, conversion);
  }
  for (const [service, { left }] of conversions)
    for (const { label, reason } of left)
      io.writeMessage(`${onOneLine(`dflow: service ${service}: ${label} has no equal: ${reason}`)}\n`);
  if (conversions.size === 0) io.writeMessage(`dflow: no service has labels of ${options.from}\n`);
  await io.writeResult(rewriteStack(text, { conversions, isForeign }));
  return FINE;
}

function readEntryPoint(text: string): readonly [string, number] {
  const [, name = '', port = ''] = /^([\w-]+)=(.*)$/.exec(text) ?? [];
  const read = readPort(port);
  if (name === '' || !read.ok) throw new CannotRunError(`--entry-point ${text} is not NAME=PORT`);
  return [name.toLowerCase(), read.value];
}
