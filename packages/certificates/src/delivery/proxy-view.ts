/** A certificate file on a replica, as far as its public part tells. */
export interface ProxyFile {
  readonly serial: string;
  readonly names: readonly string[];
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

/** What is known of one replica of the proxy. */
export interface ProxyView {
  readonly address: string;
  /** Why it could not be looked at; `undefined` when it could. */
  readonly problem: string | undefined;
  /** Whether HAProxy there answers for our account. */
  readonly isLive: boolean;
  /** Why it does not. */
  readonly notLive: string | undefined;
  /** Changes with its certificates; `undefined`: they are to be read again. */
  readonly fingerprint: string | undefined;
  /** Ours. */
  readonly files: ReadonlyMap<string, ProxyFile>;
  /** Those of others. */
  readonly foreign: ReadonlyMap<string, ProxyFile>;
  /** Certificates it did not take, with the serial number of what was refused. */
  readonly refusals: ReadonlyMap<
    string,
    { readonly serial: string; readonly reason: string; readonly atMs: number }
  >;
}

export function unseen(address: string): ProxyView {
  return {
    address,
    problem: 'not looked at yet',
    isLive: false,
    notLive: undefined,
    fingerprint: undefined,
    files: new Map(),
    foreign: new Map(),
    refusals: new Map(),
  };
}

export function withFile(view: ProxyView, certName: string, file: ProxyFile | undefined): ProxyView {
  const files = new Map(view.files);
  const refusals = new Map(view.refusals);
  refusals.delete(certName);
  if (file) files.set(certName, file);
  else files.delete(certName);
  return { ...view, files, refusals };
}
