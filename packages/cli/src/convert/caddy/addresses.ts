/** What the address of a site says. */
export interface SiteAddress {
  readonly domains: readonly string[];
  /** Other ports than 80 and 443. */
  readonly ports: readonly number[];
  /** Whether Caddy would get a certificate for it and redirect to https. */
  readonly isSecured: boolean;
}

/** Reads `acme.com, www.acme.com`, `http://acme.com`, `:8080`, `*.acme.com:8443`. */
export function readAddresses(text: string): SiteAddress {
  const domains: string[] = [];
  const ports: number[] = [];
  let isSecured = false;
  for (const address of text.split(/[\s,]+/).filter(Boolean)) {
    const [, scheme, host = '', port] =
      /^(?:(https?):\/\/)?([^:/]*)(?::(\d+))?(?:\/.*)?$/.exec(address) ?? [];
    if (host !== '' && host !== '*') domains.push(host);
    if (port !== undefined && port !== '80' && port !== '443') ports.push(Number(port));
    if (
      scheme !== 'http' &&
      port !== '80' &&
      host.includes('.') &&
      !/\.(?:local|localhost|internal)$/.test(host)
    )
      isSecured = true;
  }
  return { domains: [...new Set(domains)], ports, isSecured };
}
