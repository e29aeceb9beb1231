/** The newest API version that this code has been tried with; engines answer older ones too. */
const NEWEST_TRIED = [1, 51] as const;

type Version = readonly [major: number, minor: number];

/**
 * The API version to speak with an engine that answered `/version` so: the newest that was tried, within what the
 * engine offers (`MinAPIVersion` to `ApiVersion`). `undefined` when it does not say which it speaks; calls without a
 * version then get the engine's own.
 */
export function chooseApiVersion(answer: unknown): string | undefined {
  const { ApiVersion, MinAPIVersion } = (answer ?? {}) as Readonly<Record<string, unknown>>;
  const newest = parseVersion(ApiVersion);
  if (newest === undefined) return undefined;
  const oldest = parseVersion(MinAPIVersion);
  const wanted = isOlder(newest, NEWEST_TRIED) ? newest : NEWEST_TRIED;
  return (oldest !== undefined && isOlder(wanted, oldest) ? oldest : wanted).join('.');
}

function parseVersion(text: unknown): Version | undefined {
  const match = typeof text === 'string' ? /^([0-9]{1,6})\.([0-9]{1,6})$/.exec(text) : null;
  return match ? [Number(match[1]), Number(match[2])] : undefined;
}

function isOlder([major, minor]: Version, than: Version): boolean {
  return major < than[0] || (major === than[0] && minor < than[1]);
}
