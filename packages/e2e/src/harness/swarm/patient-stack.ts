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

/** A health check that costs next to nothing, of a service that answers at `/healthz` of port 8080; bash must be in its image. */
export const CHEAP_HEALTH_CHECK = `{test: ["CMD", "bash", "-c", ${JSON.stringify(
  'exec 3<>/dev/tcp/127.0.0.1/8080 && printf "GET /healthz HTTP/1.0\\r\\n\\r\\n" >&3 && grep -q " 200 " <&3',
)}], interval: 2s, timeout: ${PATIENCE}, retries: 5}`;
