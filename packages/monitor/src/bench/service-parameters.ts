/** What the listener sends of a service with one scrape and two alerts. */
export function serviceParameters(i: number): Readonly<Record<string, string>> {
  return {
    serviceName: `stack-${i % 20}_service-${i}`,
    scrapePort: '8080',
    replicas: '3',
    distribute: 'true',
    'alertName.1': 'mem',
    'alertIf.1': '@service_mem_limit:0.8',
    'alertFor.1': '5m',
    'alertName.2': 'slow',
    'alertIf.2': '@resp_time_above:0.1,5m,0.99',
    'alertFor.2': '30s',
  };
}

/** Name of the rule of a service's alert. */
export function ruleName(i: number, alert: string): string {
  return `stack${i % 20}_service${i}_${alert}`;
}
