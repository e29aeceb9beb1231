/** The backend of HAProxy for a service, as the proxy names it. */
export function backendOf(service: string): string {
  return `${service}-be8080_0`;
}

/** An alerting rule of a service, as the monitor names it. */
export function ruleName(service: string, alert: string): string {
  return `${service}_${alert}`.replaceAll('-', '');
}
