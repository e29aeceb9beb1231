import type { Parameters } from '@docker-flow/labels';
import type { Deployment } from '../../../deployment/deployment.js';
import type { Io } from '../../../io.js';
import { createAsk } from '../../../neighbours/ask.js';
import { announcedServices } from '../../../neighbours/listener.js';
import { announcedService } from '../../../programs/bare-service.js';
import { effectsOf } from '../../../programs/effects.js';
import type { Stack } from '../../../stack/stack.js';
import { meanings, type Base } from './base.js';

/** What a listener has announced of these stacks, read as its receivers read it. @throws {CannotRunError} */
export async function baseOfListener(
  address: string,
  { effects, settings }: Deployment,
  stacks: readonly Stack[],
  io: Io,
): Promise<Base> {
  const announced = await announcedServices(createAsk(io), address);
  const subjects = effects.services.flatMap(({ subject }) => {
    const parameters = announced.get(subject.parameters['serviceName'] ?? '');
    return parameters
      ? [{ ...subject, isNotified: true, parameters: unmasked(parameters, subject.parameters) }]
      : [];
  });
  const known = new Set(effects.services.map(({ subject }) => subject.parameters['serviceName']));
  const gone = [...announced].filter(
    ([name]) => !known.has(name) && stacks.some((stack) => name.startsWith(`${stack.name}_`)),
  );
  const others = gone.map(([name, parameters]) => announcedService(name, parameters));
  const old = effectsOf([...subjects, ...others], settings, () => undefined);
  const options = { withScaling: false, defaults: settings.proxy };
  return { meanings: meanings(old.services, options), findings: undefined };
}

const MASK = '***';

/** Without a token a listener hides secrets: what cannot be compared counts as the same. */
function unmasked(announced: Parameters, own: Parameters): Parameters {
  return Object.fromEntries(
    Object.entries(announced).map(([name, value]) => [name, value === MASK ? (own[name] ?? value) : value]),
  );
}
