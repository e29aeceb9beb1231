import { CannotRunError, FINE, type ExitStatus } from '../../exit-status.js';
import { readSourceFile } from '../../input/read-files.js';
import type { Io } from '../../io.js';
import type { SimulateOptions } from './simulate-options.js';
import { prometheusTrace } from './prometheus-trace.js';
import { readTrace, type TraceMetrics, type TraceStep } from './read-trace.js';
import { simulateAlerts } from './simulate-alerts.js';
import { simulateTrace } from './simulate-trace.js';
import { simulatedPolicy, type SimulatedPolicy } from './simulated-policy.js';
import { reportSimulation } from './simulation-report.js';

/** Decides on recorded data, and prints what was decided. @throws {CannotRunError} */
export async function runSimulate(
  files: readonly string[],
  options: SimulateOptions,
  io: Io,
): Promise<ExitStatus> {
  const simulated = await simulatedPolicy(files, options, io);
  const steps = await traceOf(simulated, options, io);
  const follow = options.follow ?? false;
  const decided =
    simulated.kind === 'steps'
      ? simulateAlerts(simulated.plan, steps, { follow })
      : simulateTrace(simulated.policy, steps, { follow });
  await io.writeResult(reportSimulation(decided, options.format));
  return FINE;
}

async function traceOf(
  simulated: SimulatedPolicy,
  { trace, prometheus, from, to, step, request }: SimulateOptions,
  io: Io,
): Promise<readonly TraceStep[]> {
  const metrics: TraceMetrics = {
    metrics: simulated.kind === 'steps' ? [] : simulated.policy.metrics,
    requests: readRequests(request),
  };
  if (trace !== undefined) {
    const { name, bytes } = await readSourceFile(trace, io);
    return readTrace(name, bytes.toString('utf8'), metrics);
  }
  if (prometheus === undefined)
    throw new CannotRunError('simulate: give --trace FILE, or --prometheus URL with --from');
  if (simulated.kind === 'steps' || simulated.sources.length === 0)
    throw new CannotRunError('simulate: --prometheus needs stack files and --service with com.df.scaleOn');
  const { sources, names, requests } = simulated;
  return prometheusTrace({
    metrics: metrics.metrics,
    requests: { ...requests, ...metrics.requests },
    url: prometheus,
    from,
    to,
    step,
    sources,
    names,
    nowSeconds: Date.now() / 1_000,
  });
}

function readRequests(given: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    given.map((text) => {
      const [, metric, number] = /^([A-Za-z_][\w]*)=([0-9.]+)$/.exec(text) ?? [];
      if (metric === undefined || !(Number(number) > 0))
        throw new CannotRunError(`simulate: --request ${text} is not METRIC=NUMBER above 0`);
      return [metric, Number(number)];
    }),
  );
}
