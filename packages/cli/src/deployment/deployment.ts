import { CannotRunError } from '../exit-status.js';
import type { Finding } from '../lint/findings/finding.js';
import { lintWithCheckers, type CheckerOptions } from '../lint/lint-with-checkers.js';
import { lintSettings } from '../lint/rules/settings.js';
import type { Stack } from '../stack/stack.js';
import { effectsOf, type Effects } from '../programs/effects.js';
import { notifiedServices } from '../programs/notified-service.js';
import { readProgramSettings, type ProgramSettings } from '../programs/program-settings.js';
import { createScalingReader, type ReadScalingPlan } from '../programs/scaler.js';
import { readVariables } from '../programs/variables.js';

/** What becomes of stacks, and what is wrong with them. */
export interface Deployment {
  readonly effects: Effects;
  readonly settings: ProgramSettings;
  readonly readScaling: ReadScalingPlan;
  /** All that lint says, of every severity. */
  readonly findings: readonly Finding[];
}

interface DeploymentOptions {
  /** `NAME=VALUE` */
  readonly settings: readonly string[];
  readonly allowsRaw?: boolean;
  readonly checkers: CheckerOptions;
}

/**
 * Reads stacks that run in one cluster as its programs would.
 *
 * @throws {CannotRunError} naming the file when it is no stack at all
 */
export async function deploymentOf(
  stacks: readonly Stack[],
  { settings: given, allowsRaw = true, checkers }: DeploymentOptions,
): Promise<Deployment> {
  refuseUnreadable(stacks);
  const variables = await readVariables(stacks, given);
  const settings = readProgramSettings(variables, { allowsRaw });
  const forLint = lintSettings(variables, { allowsRaw });
  const { findings } = await lintWithCheckers(
    stacks,
    {
      settings: forLint,
      naming: { notifyLabel: forLint.notify.key, knownNames: new Set() },
      cluster: { proxyNetworks: [], monitorNetworks: [], isTogether: stacks.length > 1 },
    },
    checkers,
  );
  const services = notifiedServices(stacks, settings.listener);
  const readScaling = createScalingReader(variables.of.scaler);
  const effects = effectsOf(services, settings, readScaling, {
    isServiceRefused: (name) =>
      services.some(
        ({ parameters, service, stack }) =>
          parameters['serviceName'] === name &&
          findings.some((one) => one.code === 'DF211' && isOf(one, stack.name, service.name)),
      ),
    isAlertRefused: (alert) =>
      services.some(
        ({ parameters, service, stack }) =>
          parameters['serviceName'] === alert.service &&
          findings.some(
            (one) =>
              (one.code === 'DF304' || one.code === 'DF310') &&
              isOf(one, stack.name, service.name) &&
              numberOf(one) === alert.index,
          ),
      ),
  });
  return { effects, settings, readScaling, findings };
}

function isOf(finding: Finding, stack: string, service: string): boolean {
  return finding.stack === stack && finding.service === service;
}

function numberOf({ label = '' }: Finding): number | undefined {
  const [, number] = /\.(\d+)$/.exec(label) ?? [];
  return number === undefined ? undefined : Number(number);
}

/** A file that is no stack tells nothing; what is wrong with one service costs that service only. */
function refuseUnreadable(stacks: readonly Stack[]): void {
  for (const { problems, services } of stacks) {
    const problem = problems.find(
      ({ code, service }) =>
        code === 'DF001' || code === 'DF004' || (code === 'DF002' && service === undefined),
    );
    if (!problem || services.length > 0) continue;
    const { file, line, column } = problem.place;
    throw new CannotRunError(`${file}:${line}:${column}: ${problem.message}`);
  }
}

/** Errors for which a part of what was written is not there. */
export function refusals(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(
    ({ code, severity }) =>
      severity === 'error' && (code < 'DF400' || code === 'DF505' || code === 'DF506' || code === 'DF508'),
  );
}
