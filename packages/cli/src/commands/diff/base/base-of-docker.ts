import type { Deployment } from '../../../deployment/deployment.js';
import { askDocker } from '../../../neighbours/running-stack.js';
import { effectsOf } from '../../../programs/effects.js';
import { notifiedServices } from '../../../programs/notified-service.js';
import type { Stack } from '../../../stack/stack.js';
import { meanings, type Base } from './base.js';

/** What runs of these stacks, with bounds and replicas. @throws {CannotRunError} when Docker cannot be asked */
export async function baseOfDocker(
  { settings, readScaling }: Deployment,
  stacks: readonly Stack[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Base> {
  const readStack = askDocker(environment);
  const running = await Promise.all(stacks.map(({ name }) => readStack(name)));
  const services = notifiedServices(running, settings.listener);
  const effects = effectsOf(services, settings, readScaling);
  const options = { withScaling: true, defaults: settings.proxy };
  return { meanings: meanings(effects.services, options), findings: undefined };
}
