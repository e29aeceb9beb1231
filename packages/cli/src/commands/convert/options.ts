/** What the command line says, as commander gives it. */
export interface ConvertOptions {
  readonly from: 'traefik' | 'caddy';
  readonly entryPoint: readonly string[];
}
