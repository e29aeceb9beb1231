import type { ProxyLabelDefaults } from '@docker-flow/labels';

/** What the programs are told by variables, as far as labels are read by it. */
export interface LintSettings {
  readonly notifyLabel: string;
  readonly proxy: ProxyLabelDefaults;
  /** Ports that http routes need. */
  readonly defaultPorts: readonly number[];
  readonly bindPorts: readonly number[];
  readonly replicas: { readonly min: number; readonly max: number };
  readonly allowsRaw: boolean;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** The settings from variables of the programs; what is not said has the programs' default. */
export function readSettings(
  variables: Variables,
  { allowsRaw }: { readonly allowsRaw: boolean },
): LintSettings {
  const mode = variables['DEFAULT_REQ_MODE'];
  return {
    notifyLabel: variables['DF_NOTIFY_LABEL'] ?? 'com.df.notify',
    proxy: {
      separator: textOr(variables['SEPARATOR'], ','),
      requestMode: mode === 'tcp' || mode === 'sni' ? mode : 'http',
      domainAlgo: textOr(variables['SERVICE_DOMAIN_ALGO'], 'hdr_beg(host)'),
      httpsOnly: variables['HTTPS_ONLY']?.toLowerCase() === 'true',
    },
    defaultPorts: portsOf(variables['DEFAULT_PORTS'] ?? '80,443:ssl'),
    bindPorts: portsOf(variables['BIND_PORTS'] ?? ''),
    replicas: {
      min: Number(variables['DEFAULT_MIN_REPLICAS'] ?? 1),
      max: Number(variables['DEFAULT_MAX_REPLICAS'] ?? 5),
    },
    allowsRaw,
  };
}

function portsOf(text: string): readonly number[] {
  return text.split(',').flatMap((item) => {
    const [, port] = /^\s*(\d+)/.exec(item) ?? [];
    return port === undefined ? [] : [Number(port)];
  });
}

/** An empty variable is none. */
function textOr(text: string | undefined, otherwise: string): string {
  return text === undefined || text === '' ? otherwise : text;
}
