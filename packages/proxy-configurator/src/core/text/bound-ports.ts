/** The TCP ports a configuration opens on all addresses, whoever wrote it. */
export function boundPorts(config: string): ReadonlySet<number> {
  const ports = [...config.matchAll(/^[ \t]*bind[ \t]+(?:\*|0\.0\.0\.0|::)?:([0-9]{1,5})\b/gm)];
  return new Set(ports.map(([, port]) => Number(port)));
}
