import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { alertsOf, attributeAlerts } from '@docker-flow/proxy-configurator/core/changes/attribute-alerts';
import type { RoutedService } from '@docker-flow/proxy-configurator/core/model/routed-service';
import type { Settings } from '@docker-flow/proxy-configurator/core/model/settings';
import type { RenderedConfig } from '@docker-flow/proxy-configurator/core/text/render';
import { haproxyConfig } from '../programs/haproxy-config.js';

const run = promisify(execFile);
const TIME_LIMIT_MS = 20_000;
/** As many services as HAProxy may refuse before it is not asked again. */
const MOST_ROUNDS = 50;

/** A line that HAProxy refuses. */
export interface RefusedLine {
  /** Name of the service that asked for it. */
  readonly service: string;
  /** What HAProxy says, without the place. */
  readonly reason: string;
  /** Absent where HAProxy names no line. */
  readonly line?: string;
  /** `frontend services`, `backend shop_api-be80_0`: where the line stands. */
  readonly section?: string;
}

/** What `haproxy -c` refuses of services that run together: the lines, and the services that are left. */
export interface HaproxyVerdict {
  readonly refused: readonly RefusedLine[];
  readonly accepted: readonly RoutedService[];
  /** Complaints about what belongs to no service. */
  readonly others: readonly string[];
}

/** Checks as the proxy does: who is refused is left out, and the rest is checked anew. */
export async function checkRoutesWith(
  haproxy: string,
  services: readonly RoutedService[],
  settings: Settings,
): Promise<HaproxyVerdict> {
  const folder = await mkdtemp(path.join(tmpdir(), 'dflow-'));
  try {
    const own = settingsIn(folder, settings);
    const refused: RefusedLine[] = [];
    let accepted = services;
    for (let round = 0; round < MOST_ROUNDS && accepted.length > 0; round += 1) {
      const rendered = haproxyConfig(accepted, own, { withExporter: false });
      const output = await outputOf(haproxy, folder, rendered);
      if (output === undefined) return { refused, accepted, others: [] };
      const { services: reasons, others } = attributeAlerts(output, rendered);
      if (reasons.size === 0) return { refused, accepted, others };
      for (const [service, reason] of reasons) refused.push(refusedLine(service, reason, rendered));
      accepted = accepted.filter(({ service }) => !reasons.has(service.name));
    }
    return { refused, accepted, others: [] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Ports without TLS, for there are no certificates here; the labels of services say nothing about them. */
function settingsIn(folder: string, settings: Settings): Settings {
  const withoutTls = (ports: Settings['defaultPorts']) =>
    ports.map(({ text, port }) => ({ text: text.replace(/:?\s*\bssl\b.*$/, ''), port }));
  return {
    ...settings,
    paths: {
      ...settings.paths,
      tables: path.join(folder, 'tables'),
      certifiedNames: path.join(folder, CERTIFIED_NAMES),
    },
    defaultPorts: withoutTls(settings.defaultPorts),
    bindPorts: withoutTls(settings.bindPorts),
  };
}

const CERTIFIED_NAMES = 'certified-names.map';

/** Authorities of services are secrets of the proxy, which nobody has here; what else stands in the line counts. */
const AUTHORITY = /(\bca-file) (?!@)\S+/g;

/** What of the fixed sections names files of the proxy's image, or would ask a name server. */
const NOT_HERE = /^ {4}(?:errorfile|httpclient\.ssl\.ca-file|pidfile|stats socket) .*$/gm;

/** What HAProxy says; `undefined` when it takes the text. */
async function outputOf(
  haproxy: string,
  folder: string,
  { text, tables }: RenderedConfig,
): Promise<string | undefined> {
  const file = path.join(folder, 'haproxy.cfg');
  await mkdir(path.join(folder, 'tables'), { recursive: true });
  await Promise.all([
    writeFile(path.join(folder, CERTIFIED_NAMES), ''),
    ...[...tables].map(([name, content]) => writeFile(name, content)),
  ]);
  const here = text
    .replace(NOT_HERE, '    #')
    .replace('init-addr last,libc,none', 'init-addr none')
    .replaceAll(AUTHORITY, '$1 @system-ca');
  await writeFile(file, here, { mode: 0o600 });
  try {
    await run(haproxy, ['-c', '-f', file], { timeout: TIME_LIMIT_MS, maxBuffer: 16 * 1024 * 1024 });
    return undefined;
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    const output = `${stdout}\n${stderr}`;
    return alertsOf(output).length > 0 ? output : `[ALERT]    (1) : ${message.split('\n')[0] ?? ''}`;
  }
}

const PLACE = /\[[^\]]*?:(\d+)\]/;

function refusedLine(service: string, reason: string, { text }: RenderedConfig): RefusedLine {
  const at = PLACE.exec(reason)?.[1];
  const plain = reason.replace(/^parsing \[[^\]]*\] : /, '').replace(/\s*\[haproxy\.cfg:\d+\]/, '');
  if (at === undefined) return { service, reason: plain };
  const lines = text.split('\n');
  const number = Number(at) - 1;
  const section = lines.slice(0, number + 1).findLast((line) => /^[a-z]/.test(line)) ?? '';
  return { service, reason: plain, line: (lines[number] ?? '').trim(), section };
}
