/** What one run of promtool printed. */
export interface PromtoolOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The verdict on one of several files of `promtool check rules`: `fine`, the reason of the rejection, or
 * `undefined` when the output does not tell.
 */
export function parseRuleCheck({ stdout, stderr }: PromtoolOutput, file: string): string | undefined {
  const at = stdout.indexOf(`Checking ${file}\n`);
  if (at >= 0 && stdout.slice(at).split('\n')[1]?.includes('SUCCESS')) return 'fine';
  const reasons = stderr.split('\n').filter((line) => line.startsWith(`${file}: `));
  if (reasons.length === 0) return undefined;
  return reasons.map((line) => shorten(line.slice(file.length + 2))).join('; ');
}

/** The reason why files were rejected, without the places where they were checked. */
export function rejectionReason({ stdout, stderr }: PromtoolOutput, directory: string): string {
  const lines = `${stdout}\n${stderr}`
    .split('\n')
    .map((line) => line.replaceAll(`${directory}/`, '').trim())
    .filter((line) => line !== '' && !/^(Checking |SUCCESS|FAILED:$|WARNING)/.test(line));
  return lines.map((line) => shorten(line.replace(/^FAILED:\s*/, ''))).join('; ') || 'promtool rejects it';
}

/** `4:24: group "alert.rules", rule 1, "a_x": could not …` → `could not …` */
function shorten(line: string): string {
  return line.replace(/^(?:\d+:\d+: )?group "[^"]*", rule \d+, "(?:[^"\\]|\\.)*": /, '');
}
