/**
 * An environment without what is secret by its name. Raw labels may read HAProxy's environment, so nothing
 * secret belongs there.
 */
export function withoutSecrets(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  const isSecret = (name: string) => /^DFP_|_FILE$|PASS|TOKEN|SECRET|^USERS$|^STATS_/.test(name);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isSecret(name)));
}
