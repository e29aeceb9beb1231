import { FREQUENT_HEALTH_CHECK } from '../swarm/patient-stack.js';
import { ownImage } from '../swarm/own-image.js';

/** A service of the stack `shop`, which listens on 8080. */
export interface ShopService {
  readonly name: string;
  readonly replicas: number;
  /** Labels beside those that every service has, `name=value` without `com.df.`. */
  readonly labels: readonly string[];
  /** Further lines of the service, as `demoLines` and others make them. */
  readonly lines: string;
}

/** The demo, whose answers bear this version. */
export function demoLines(version: string): string {
  return `    environment: ["DB=/tmp/demo.sqlite", "VERSION=${version}"]
    healthcheck: ${FREQUENT_HEALTH_CHECK}`;
}

/** The text of a stack file with these services, whose tasks are replaced one by one, the new one first. */
export function shopFile(
  services: readonly ShopService[],
  { hasIpvs, more = '' }: { readonly hasIpvs: boolean; readonly more?: string },
): string {
  const serviceText = ({ name, replicas, labels, lines }: ShopService) => {
    const all = ['notify=true', 'distribute=true', 'port=8080', ...labels].map((label) => `com.df.${label}`);
    return `  ${name}:
    image: ${ownImage('demo')}
    networks: [proxy]
${lines}
    deploy:
      endpoint_mode: ${hasIpvs ? 'vip' : 'dnsrr'}
      replicas: ${replicas}
      restart_policy: {delay: 0s}
      update_config: {order: start-first, parallelism: 1, delay: 0s, monitor: 1s}
      labels: ${JSON.stringify(all)}
`;
  };
  return `version: "3.8"
services:
${services.map(serviceText).join('')}${more}
networks: {proxy: {external: true}}
`;
}
