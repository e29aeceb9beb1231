import { Counter, Gauge, type Registry } from 'prom-client';

export interface CertificateSample {
  readonly certName: string;
  readonly services: readonly string[];
  readonly expiresMs: number | undefined;
  readonly renewAtMs: number | undefined;
  readonly lifetimeMs: number | undefined;
  readonly hasProblem: boolean;
}

/** Everything that is measured at the moment when somebody asks. */
export interface Sampled {
  readonly certificates: readonly CertificateSample[];
  readonly ordersUnderWay: number;
  readonly undelivered: number;
  readonly isAuthorityUp: boolean;
  readonly clockOffsetMs: number;
  readonly isOwner: boolean;
}

export interface CertificatesMetrics {
  ordered(result: 'issued' | 'failed' | 'authority'): void;
}

const PREFIX = 'docker_flow_certificates_';

/** @param sample called whenever metrics are asked for */
export function createCertificatesMetrics(registry: Registry, sample: () => Sampled): CertificatesMetrics {
  const registers = [registry];
  const orders = new Counter({
    name: `${PREFIX}orders_total`,
    help: 'Orders that came to an end, by result: issued, failed, or authority when that was in trouble',
    labelNames: ['result'],
    registers,
  });
  for (const result of ['issued', 'failed', 'authority'] as const) orders.inc({ result }, 0);
  const gauge = <L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    fill: (one: Gauge<L>) => void,
  ) =>
    new Gauge<L>({
      name: PREFIX + name,
      help,
      labelNames: [...labelNames],
      registers,
      collect() {
        this.reset();
        fill(this);
      },
    });
  /** One sample for each service of each certificate. */
  const perService = (
    one: Gauge<'certificate' | 'service'>,
    valueOf: (certificate: CertificateSample) => number | undefined,
  ) => {
    for (const certificate of sample().certificates) {
      const value = valueOf(certificate);
      if (value === undefined) continue;
      for (const service of certificate.services)
        one.set({ certificate: certificate.certName, service }, value);
    }
  };
  const labels = ['certificate', 'service'] as const;
  gauge('expiry_timestamp_seconds', 'When the certificate expires', labels, (one) =>
    perService(one, ({ expiresMs }) => seconds(expiresMs)),
  );
  gauge('lifetime_seconds', 'How long the certificate is valid in all', labels, (one) =>
    perService(one, ({ lifetimeMs }) => seconds(lifetimeMs)),
  );
  gauge('problem', '1 while something is wrong with the certificate, absent otherwise', labels, (one) =>
    perService(one, ({ hasProblem }) => (hasProblem ? 1 : undefined)),
  );
  gauge('next_renewal_timestamp_seconds', 'When the certificate is renewed', ['certificate'], (one) => {
    for (const { certName, renewAtMs } of sample().certificates)
      if (renewAtMs !== undefined) one.set({ certificate: certName }, renewAtMs / 1_000);
  });
  const plain = (name: string, help: string, valueOf: (sampled: Sampled) => number) =>
    gauge(name, help, [], (one) => one.set(valueOf(sample())));
  plain('orders_under_way', 'Orders at the authority right now', ({ ordersUnderWay }) => ordersUnderWay);
  plain('undelivered', 'Certificates that not every proxy has', ({ undelivered }) => undelivered);
  plain('authority_up', 'Whether the authority answered as it should the last time', ({ isAuthorityUp }) =>
    Number(isAuthorityUp),
  );
  plain(
    'clock_offset_seconds',
    'How much the clock of the authority is ahead of ours',
    ({ clockOffsetMs }) => clockOffsetMs / 1_000,
  );
  plain('is_owner', 'Whether this program owns the proxies', ({ isOwner }) => Number(isOwner));
  return { ordered: (result) => orders.inc({ result }) };
}

function seconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1_000;
}
