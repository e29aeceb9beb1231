/** Parameters of a service with one route; nothing listens on port 9. */
export function serviceParameters(
  i: number | string,
  more: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  return {
    serviceName: `service-${i}`,
    servicePath: `/service-${i}/`,
    port: '9',
    outboundHostname: '127.0.0.1',
    ...more,
  };
}
