import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { NO_MEMORY } from '@docker-flow/scaler/core/autoscaling/memory';
import { completePolicy } from '@docker-flow/scaler/core/autoscaling/policy/complete-policy';
import { BAD_ANSWER, FINE, type ExitStatus } from '../../exit-status.js';
import type { Io } from '../../io.js';
import { simulateSteps } from './simulate-steps.js';
import { simulationCase } from './simulation-case.js';

/** Answers each line of standard input, a case, with a line of its decisions, in the same order. */
export async function simulateBatch(io: Io): Promise<ExitStatus> {
  let status: ExitStatus = FINE;
  for await (const line of createInterface({ input: Readable.from(io.stdin), crlfDelay: Infinity })) {
    if (line.trim() === '') continue;
    const answer = answerOf(line);
    if ('error' in answer) status = BAD_ANSWER;
    await io.writeResult(`${JSON.stringify(answer)}\n`);
  }
  return status;
}

/** A line that is no case, or whose policy is refused, costs itself only. */
function answerOf(line: string) {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return { id: null, error: 'the line is not JSON' };
  }
  const read = simulationCase.safeParse(json);
  if (!read.success) {
    const problems = read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    return { id: idOf(json), error: problems.join('; ') };
  }
  const { id, policy, state, steps } = read.data;
  const completed = completePolicy(policy);
  if ('problems' in completed)
    return {
      id,
      error: completed.problems.map(({ path, problem }) => `policy.${path} ${problem}`).join('; '),
    };
  const decisions = simulateSteps(completed.policy, state ?? NO_MEMORY, steps);
  return {
    id,
    steps: decisions.map(({ desired, reason, limitedBy, stabilized, proposal }) => ({
      desired,
      reason,
      limitedBy,
      stabilized,
      proposal,
    })),
  };
}

function idOf(json: unknown): string | number | null {
  if (typeof json !== 'object' || json === null || !('id' in json)) return null;
  return typeof json.id === 'string' || typeof json.id === 'number' ? json.id : null;
}
