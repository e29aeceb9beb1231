/** A user of a list; what stands behind it is the password. */
const USER = /^(\s+user\s+(?:'(?:[^']|'\\'')*'|\S+)\s+(?:insecure-)?password\s+)(.*)$/;
/** The user of the statistics page. */
const PAGE = /^(\s+stats\s+auth\s+['"]?[^:\s]*:)(.*)$/;

/** A configuration without passwords, for everybody who may read it over HTTP. */
export function maskSecrets(config: string): string {
  return config
    .split('\n')
    .map((line) => line.replace(USER, '$1***').replace(PAGE, '$1***'))
    .join('\n');
}

/** The passwords in a configuration, as they are meant and as they are written. */
export function passwordsIn(config: string): readonly string[] {
  if (!/\b(?:password|auth)\b/.test(config)) return [];
  return config.split('\n').flatMap((line) => {
    const written = (USER.exec(line) ?? PAGE.exec(line))?.[2];
    if (written === undefined) return [];
    const meant = written.replace(/^'|'$/g, '').replaceAll(String.raw`'\''`, "'");
    return meant === written ? [meant] : [written, meant];
  });
}
