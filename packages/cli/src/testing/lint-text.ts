import { lintStacks } from '../lint/lint-stacks.js';
import { lintSettings } from '../lint/rules/settings.js';
import { readVariables } from '../programs/variables.js';
import { readStack } from '../stack/read-stack.js';

interface LintTextOptions {
  readonly isTogether?: boolean;
  readonly settings?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** Errors and warnings about one stack file: `DF101 com.df.port`, the label or the service; no checker is asked. */
export async function lintText(
  text: string,
  { isTogether = false, settings: given = [], environment = {} }: LintTextOptions = {},
): Promise<readonly string[]> {
  const stack = readStack([{ name: 'shop.yml', bytes: Buffer.from(text) }], { name: 'shop', environment });
  const settings = lintSettings(await readVariables([stack], given), { allowsRaw: true });
  const { findings } = lintStacks([stack], {
    settings,
    naming: { notifyLabel: settings.notify.key, knownNames: new Set() },
    cluster: { proxyNetworks: [], monitorNetworks: [], isTogether },
  });
  return findings
    .filter(({ severity }) => severity !== 'info')
    .map(({ code, label, service }) => `${code} ${label ?? service ?? ''}`)
    .sort();
}
