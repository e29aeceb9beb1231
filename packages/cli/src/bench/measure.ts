import { spawn } from 'node:child_process';
import { median } from '@docker-flow/testkit';

/** One command line, run several times. */
export interface Measured {
  /** Median of the wall clock. */
  readonly seconds: number;
  /** Median of the processor time. */
  readonly processorSeconds: number;
  /** The most memory of any run. */
  readonly megabytes: number;
}

const RUNS = 7;
/** Says what the process has used when it ends, behind all that it has to say. */
const TELLS_USAGE =
  'data:text/javascript,process.on("exit",()=>{const u=process.resourceUsage();process.stderr.write(`\\nusage ${u.userCPUTime+u.systemCPUTime} ${u.maxRSS}\\n`)})';

/** Runs Node with these arguments as a user would, one run after the other. */
export async function measure(args: readonly string[], path: string): Promise<Measured> {
  const runs: Measured[] = [];
  for (let i = 0; i < RUNS; i += 1) runs.push(await runOnce(args, path));
  return {
    seconds: median(runs.map((run) => run.seconds)),
    processorSeconds: median(runs.map((run) => run.processorSeconds)),
    megabytes: Math.max(...runs.map((run) => run.megabytes)),
  };
}

function runOnce(args: readonly string[], path: string): Promise<Measured> {
  const begunAt = performance.now();
  const child = spawn(process.execPath, ['--import', TELLS_USAGE, ...args], {
    env: { PATH: path },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => {
      const seconds = (performance.now() - begunAt) / 1_000;
      const [, microseconds, kibibytes] = /usage (\d+) (\d+)\n$/.exec(said) ?? [];
      resolve({
        seconds,
        processorSeconds: Number(microseconds) / 1e6,
        megabytes: Number(kibibytes) / 1_024,
      });
    });
  });
}
