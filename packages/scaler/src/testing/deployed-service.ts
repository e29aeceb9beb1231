import { parseInspected } from '../adapters/inspected-service.js';
import type { InspectedService } from '../ports.js';

interface DeployedSpec {
  readonly replicas: number;
  readonly image: string;
}

/** `shop_web` of the stack `shop` as Docker shows it after a deploy, between 2 and 9 replicas by its labels. */
export function deployedService(
  spec: DeployedSpec,
  previous: DeployedSpec,
  updateState?: string,
): InspectedService {
  return parseInspected(
    JSON.stringify({
      ID: 'id-web',
      Version: { Index: 12 },
      UpdatedAt: '2026-01-01T00:10:00Z',
      Spec: specOf(spec),
      PreviousSpec: specOf(previous),
      ...(updateState === undefined ? {} : { UpdateStatus: { State: updateState } }),
    }),
  );
}

function specOf({ replicas, image }: DeployedSpec) {
  return {
    Name: 'shop_web',
    Labels: { 'com.df.scaleMin': '2', 'com.df.scaleMax': '9', 'com.docker.stack.namespace': 'shop' },
    TaskTemplate: { ContainerSpec: { Image: image } },
    Mode: { Replicated: { Replicas: replicas } },
  };
}
