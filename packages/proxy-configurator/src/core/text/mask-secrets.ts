/** A configuration without passwords, for everybody who may read it over HTTP. */
export function maskSecrets(config: string): string {
  return config
    .replace(/^(\s+user\s+(?:'(?:[^']|'\\'')*'|\S+)\s+(?:insecure-)?password\s+).*$/gm, '$1***')
    .replace(/^(\s+stats\s+auth\s+)(['"]?)([^:\s]*):.*$/gm, '$1$2$3:***');
}

/** The passwords in a configuration, as they are meant and as they are written. */
export function passwordsIn(config: string): readonly string[] {
  const users = /^\s+user\s+(?:'(?:[^']|'\\'')*'|\S+)\s+(?:insecure-)?password\s+(.*)$/gm;
  const page = /^\s+stats\s+auth\s+['"]?[^:\s]*:(.*)$/gm;
  return [users, page].flatMap((pattern) =>
    [...config.matchAll(pattern)].flatMap(([, written = '']) => {
      const meant = written.replace(/^'|'$/g, '').replaceAll(String.raw`'\''`, "'");
      return meant === written ? [meant] : [written, meant];
    }),
  );
}
