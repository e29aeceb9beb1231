/** How long a health check may take on a machine that has much else to do. */
const PATIENCE = '60s';

/**
 * A stack file whose programs of ours have a minute for each health check instead of the ten seconds of their images. Where
 * dozens of containers share two cores, starting a check alone can take that long, and Swarm would replace programs that
 * are well.
 */
export function patientStack(text: string): string {
  return text.replaceAll(
    /^ {4}image: .*docker-flow-.*$/gm,
    (line) => `${line}\n    healthcheck: {timeout: ${PATIENCE}}`,
  );
}

/** The health check of our images, asked more often, with the same patience. */
export const FREQUENT_HEALTH_CHECK = `{test: ["CMD", "bash", "/app/health-check.sh"], interval: 2s, timeout: ${PATIENCE}, retries: 5}`;
