import type { CreateServiceOptions } from 'dockerode';

export interface BenchService {
  readonly name: string;
  readonly replicas: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly image: string;
  readonly networks: readonly string[];
  /** As the Engine API has it; that of the image when absent. */
  readonly healthCheck?: { readonly Test: readonly string[]; readonly Interval?: number };
  /** Where its tasks may run, `node.role == manager`; anywhere when absent. */
  readonly constraints?: readonly string[];
}

/** What the Engine API wants to create a service that resolves to its tasks (no virtual address needed). */
export function serviceSpec(service: BenchService): CreateServiceOptions {
  const { name, replicas, labels, image, networks, healthCheck, constraints } = service;
  return {
    Name: name,
    Labels: { ...labels },
    TaskTemplate: {
      ContainerSpec: {
        Image: image,
        Env: [`SERVICE_NAME=${name}`],
        ...(healthCheck ? { Healthcheck: { ...healthCheck, Test: [...healthCheck.Test] } } : {}),
      },
      Networks: networks.map((Target) => ({ Target })),
      ...(constraints ? { Placement: { Constraints: [...constraints] } } : {}),
      RestartPolicy: { Condition: 'any', Delay: 0 },
    },
    Mode: { Replicated: { Replicas: replicas } },
    EndpointSpec: { Mode: 'dnsrr' },
  };
}
