/** One entry of the API's list, in its words. */
export interface ListedCertificate {
  readonly ServicePort: string;
  readonly ProxyServiceName: string;
  readonly CertsDir: string;
  readonly CertContent: string;
}
