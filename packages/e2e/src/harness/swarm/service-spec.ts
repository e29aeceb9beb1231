import type { CreateServiceOptions } from 'dockerode';

export interface BenchService {
  readonly name: string;
  readonly replicas: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly image: string;
  readonly networks: readonly string[];
}

/** What the Engine API wants to create a service that resolves to its tasks (no virtual address needed). */
export function serviceSpec({ name, replicas, labels, image, networks }: BenchService): CreateServiceOptions {
  return {
    Name: name,
    Labels: { ...labels },
    TaskTemplate: {
      ContainerSpec: { Image: image, Env: [`SERVICE_NAME=${name}`] },
      Networks: networks.map((Target) => ({ Target })),
      RestartPolicy: { Condition: 'any', Delay: 0 },
    },
    Mode: { Replicated: { Replicas: replicas } },
    EndpointSpec: { Mode: 'dnsrr' },
  };
}
