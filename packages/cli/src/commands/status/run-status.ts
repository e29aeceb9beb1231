import { access } from 'node:fs/promises';
import { readDuration } from '@docker-flow/labels';
import { BAD_ANSWER, CannotRunError, FINE, type ExitStatus } from '../../exit-status.js';
import type { Io } from '../../io.js';
import { createAsk } from '../../neighbours/ask.js';
import type { ServiceEffect } from '../../programs/effects.js';
import { hasColor } from '../../report/color.js';
import { askAll, type Answer, type Answers } from './answers.js';
import { checksOf, type ServiceStatus } from './checks.js';
import type { StatusOptions } from './options.js';
import { statusText } from './status-text.js';
import { wantedServices } from './wanted-services.js';
import { jsonText } from '../../report/json-text.js';

const PROGRAMS = ['listener', 'proxy', 'monitor', 'prometheus', 'scaler'] as const;

/** Says whether labels are live, once or until they are; status 1 when not, 2 when nobody could be asked. */
export async function runStatus(
  words: readonly string[],
  options: StatusOptions,
  io: Io,
): Promise<ExitStatus> {
  if (PROGRAMS.every((program) => options[program] === undefined))
    throw new CannotRunError(
      `status: whom to ask? Give one of ${PROGRAMS.map((one) => `--${one}`).join(', ')}`,
    );
  const intervalMs = milliseconds('--interval', options.interval);
  const { files, names } = await splitWords(words);
  const wanted = await wantedServices(files, names, options, io);
  const waitMs = wanted.isBroken || options.wait === undefined ? 0 : milliseconds('--wait', options.wait);
  const ask = createAsk(io);
  const startedMs = io.nowMs();
  const waitedMs = () => io.nowMs() - startedMs;
  let told = '';
  for (;;) {
    const answers = await askAll(ask, options);
    const { effects, missing } = wanted.services(answers);
    const services = [...statusOf(effects, answers), ...missing.map(notAnnounced)];
    const checks = services.flatMap((one) => one.checks);
    const isWell = checks.every(({ state }) => state === 'ok' || state === 'skipped');
    const isLive = isWell && services.length > 0 && !wanted.isBroken;
    const hasFailed = checks.some(({ state }) => state === 'failed');
    const isOver = waitedMs() + intervalMs > waitMs;
    if (isLive || hasFailed || isOver) {
      refuseSilence(answers);
      const waitedSeconds = Math.round(waitedMs() / 100) / 10;
      await io.writeResult(
        options.format === 'json'
          ? jsonText({ version: 1, live: isLive, waitedSeconds, services })
          : statusText(services, { isLive, waitedSeconds, hasColor: hasColor(options.color, io) }),
      );
      return isLive ? FINE : BAD_ANSWER;
    }
    const open = openText(services);
    if (open !== told) io.writeMessage(`dflow: waiting: ${open}\n`);
    told = open;
    await io.sleep(intervalMs);
  }
}

function milliseconds(option: string, text: string): number {
  const read = readDuration(text);
  if (!read.ok) throw new CannotRunError(`${option} ${text} ${read.problem}; expected ${read.expected}`);
  return read.value;
}

/** Files are what looks like one, or is there; other words are services. */
async function splitWords(words: readonly string[]) {
  const files: string[] = [];
  const names: string[] = [];
  for (const word of words) {
    const looksLikeFile = word === '-' || /\.(?:ya?ml|json)$/i.test(word) || /[/=]/.test(word);
    if (looksLikeFile || (await isThere(word))) files.push(word);
    else names.push(word);
  }
  return { files, names };
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** A deployment may still be on its way. */
function notAnnounced(service: string): ServiceStatus {
  return {
    service,
    checks: [{ name: 'listener', state: 'waiting', reason: 'no service of this name is announced' }],
  };
}

function statusOf(effects: readonly ServiceEffect[], answers: Answers): readonly ServiceStatus[] {
  return effects.map((effect) => ({ service: effect.subject.fullName, checks: checksOf(effect, answers) }));
}

/** @throws {CannotRunError} when none of those that were asked has answered */
function refuseSilence(answers: Answers): void {
  const all: readonly (Answer<unknown> | undefined)[] = Object.values(answers);
  const asked = all.filter((answer) => answer !== undefined);
  if (asked.some(({ ok }) => ok)) return;
  throw new CannotRunError(asked.map((answer) => (answer.ok ? '' : answer.reason)).join('; '));
}

function openText(services: readonly ServiceStatus[]): string {
  return services
    .flatMap(({ service, checks }) =>
      checks
        .filter(({ state }) => state === 'waiting')
        .map(({ name, reason }) => `${service}: ${name} ${reason}`),
    )
    .join('; ');
}
