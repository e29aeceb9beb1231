import type { StackService } from '../stack/stack.js';

/** The programs whose variables decide how labels are read. */
export type Program = 'proxy' | 'monitor' | 'swarm-listener' | 'scaler' | 'certificates';

const IMAGES: Readonly<Record<string, Program>> = {
  'docker-flow-proxy': 'proxy',
  'docker-flow-monitor': 'monitor',
  'docker-flow-swarm-listener': 'swarm-listener',
  'docker-flow-scaler': 'scaler',
  'docker-scaler': 'scaler',
  'docker-flow-certificates': 'certificates',
};

/** Which program a service runs, by the last part of its image. */
export function programOf({ image }: Pick<StackService, 'image'>): Program | undefined {
  const [last = ''] = (image.split('/').at(-1) ?? '').split(/[:@]/);
  return Object.hasOwn(IMAGES, last) ? IMAGES[last] : undefined;
}
