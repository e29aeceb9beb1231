/** A configuration without passwords, for everybody who may read it over HTTP. */
export function maskSecrets(config: string): string {
  return config
    .replace(/^(\s+user\s+(?:'(?:[^']|'\\'')*'|\S+)\s+(?:insecure-)?password\s+).*$/gm, '$1***')
    .replace(/^(\s+stats\s+auth\s+)(['"]?)([^:\s]*):.*$/gm, '$1$2$3:***');
}
