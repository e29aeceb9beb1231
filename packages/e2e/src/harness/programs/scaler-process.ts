import { startProgram, type ProgramProcess } from './program-process.js';

export interface ScalerProcess extends ProgramProcess {
  post(path: string): Promise<{ readonly status: number; readonly message: string }>;
  activities(): Promise<readonly ScalerActivity[]>;
}

export interface ScalerActivity {
  readonly service: string;
  readonly outcome: string;
  readonly message: string;
  readonly explanation: string;
  readonly atMs: number;
  /** Of the last time, where the same was said again. */
  readonly lastAtMs: number;
  /** Counts before and after, where there are any. */
  readonly from?: number;
  readonly to?: number;
}

/** The built scaler as a process, and what tests ask of it. */
export async function startScaler(
  root: string,
  environment: Readonly<Record<string, string>>,
): Promise<ScalerProcess> {
  const program = await startProgram(root, 'scaler', { LOG_LEVEL: 'warn', ...environment });
  return {
    ...program,
    async post(path) {
      const answer = await fetch(program.url + path, { method: 'POST' });
      return { status: answer.status, message: ((await answer.json()) as { message: string }).message };
    },
    async activities() {
      const answer = await fetch(`${program.url}/v1/activities`);
      return ((await answer.json()) as { activities: ScalerActivity[] }).activities;
    },
  };
}
