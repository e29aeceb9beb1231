import {
  explainRoute,
  type ExplainedRequest,
  type Explanation,
} from '@docker-flow/proxy-configurator/core/explain/explain';
import { BAD_ANSWER, CannotRunError, FINE, type ExitStatus } from '../../exit-status.js';
import { readStacks } from '../../input/read-stacks.js';
import type { Io } from '../../io.js';
import { deploymentOf } from '../../deployment/deployment.js';
import { createAsk } from '../../neighbours/ask.js';
import { stackArguments } from '../stack-options.js';
import type { ExplainOptions } from './options.js';
import { jsonText } from '../../report/json-text.js';

type Options = ExplainOptions & { readonly url: string };
/** As a running proxy says it, which leaves out what is not there. */
type Answer = Pick<Explanation, 'tried'> & {
  readonly taken?: Explanation['taken'] | null;
  /** Absent: a proxy of before says nothing of it. */
  readonly then?: Explanation['then'];
  readonly entry?: Explanation['entry'];
  readonly overtaken?: Explanation['overtaken'];
  readonly rejected?: Explanation['rejected'];
};

/** Which route takes a request; status 1 when nobody does, or only HAProxy could tell. */
export async function explainRequest(
  files: readonly string[],
  options: Options,
  io: Io,
): Promise<ExitStatus> {
  const request = readRequest(options);
  const answer =
    options.against === undefined
      ? await askFiles(files, options, request, io)
      : await askProxy(options.against, request, io);
  const { taken = null, then = [], tried } = answer;
  await io.writeResult(
    options.format === 'json'
      ? jsonText({ version: 1, request, taken, then, tried })
      : explanationText(request, answer),
  );
  const isOpen = tried.some(({ matches }) => matches === null);
  return taken === null || isOpen ? BAD_ANSWER : FINE;
}

async function askFiles(
  files: readonly string[],
  options: Options,
  request: ExplainedRequest,
  io: Io,
): Promise<Answer> {
  const stacks = await readStacks(stackArguments(files, options), io);
  const { effects, settings } = await deploymentOf(stacks, {
    settings: options.setting,
    checkers: { promtool: 'never', haproxy: 'never', searchPath: '' },
  });
  return explainRoute(request, effects.routed, settings.proxy);
}

async function askProxy(
  address: string,
  { host, path, port, headers }: ExplainedRequest,
  io: Io,
): Promise<Answer> {
  const query = new URLSearchParams({ host, path, port: String(port) });
  for (const [name, value] of Object.entries(headers)) query.append('header', `${name}: ${value}`);
  const answer = (await createAsk(io).json(
    address,
    `/v1/docker-flow-proxy/explain?${query.toString()}`,
  )) as Answer;
  if (!Array.isArray(answer.tried)) throw new CannotRunError(`${address} does not explain routes`);
  return answer;
}

const PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

function readRequest({ url, header, port }: Options): ExplainedRequest {
  const whole = /^[a-z]+:\/\//i.test(url) ? url : `http://${url}`;
  // A parser would take the first folder of `http:///a` for a host.
  const parsed = /^[a-z]+:\/\/[^/]/i.test(whole) && URL.canParse(whole) ? new URL(whole) : undefined;
  const byScheme = parsed ? PORTS[parsed.protocol] : undefined;
  if (!parsed || byScheme === undefined)
    throw new CannotRunError(`--url ${url} is not an address of http or https`);
  const entry = port === undefined ? Number(parsed.port || byScheme) : Number(port);
  if (!Number.isInteger(entry) || entry < 1 || entry > 65_535)
    throw new CannotRunError(`--port ${port ?? ''} is not a port from 1 to 65535`);
  return { host: parsed.host, path: pathOf(whole), port: entry, headers: readHeaders(header) };
}

/** As it was written: a browser would make `/b` of `/a/../b`, other clients do not. */
function pathOf(url: string): string {
  const [, rest = ''] = /^[a-z]+:\/\/[^/?#]*([^#]*)/i.exec(url) ?? [];
  return (rest.startsWith('/') ? rest : `/${rest}`).replaceAll(/\s/g, encodeURIComponent);
}

/** By lower case name; values of a repeated header are joined. */
function readHeaders(headers: readonly string[]): Readonly<Record<string, string>> {
  const read = new Map<string, string>();
  for (const header of headers) {
    const [, name, value = ''] = /^\s*([^:\s]+)\s*:\s*(.*?)\s*$/.exec(header) ?? [];
    if (name === undefined) throw new CannotRunError(`--header ${header} is not Name: value`);
    const key = name.toLowerCase();
    const before = read.get(key);
    read.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(read);
}

function explanationText(
  { host, path, port }: ExplainedRequest,
  { taken, then = [], tried, entry, overtaken = [], rejected = [] }: Answer,
): string {
  const mark = { true: '+', false: '-', null: '?' } as const;
  const lines = tried.map(
    ({ service, backend, matches, because }) =>
      `  ${mark[String(matches) as keyof typeof mark]} ${service} (${backend}): ${because}`,
  );
  const answer = taken
    ? `${taken.service} takes it with the backend ${taken.backend}: ${taken.why}`
    : entry?.open === false
      ? `nobody takes it: port ${port} is ${entry.says}`
      : 'nobody takes it: the answer is 503';
  const next = then.map(({ step, says }) => `  then ${step}: ${says}`);
  const others = [
    ...overtaken.map(({ service, backend, because }) => `  not ${service} (${backend}): ${because}`),
    ...rejected
      .filter(({ matches }) => matches !== false)
      .map(({ service, because }) => `  not ${service}: ${because}`),
  ];
  return [`${host}${path} on port ${port}`, ...lines, answer, ...next, ...others, ''].join('\n');
}
