/**
 * Who took a service away from the count that the scaler had in force: `docker stack deploy`, which
 * writes the count of its file without knowing better, or a person with `docker service scale`.
 *
 * Docker does not say. Both write the whole spec. But a deploy leaves traces that a person does not: it
 * changes other parts of the spec too, or, when the file is unchanged, it writes every service of the
 * stack within a moment, also those that it does not change. Only a stack of one service whose file did
 * not change leaves no trace; then the count itself tells, since a deploy can only write that of the file.
 */

/** How long before and after a deploy writes one service it may write the others of its stack. */
export const DEPLOY_SPAN_MS = 5_000;

/** What the last update of a service changed, by Docker's present and previous spec. */
export interface LastUpdate {
  /** Docker's clock. */
  readonly atMs: number;
  readonly replicas: number;
  readonly previousReplicas: number | undefined;
  /** Anything but the count. */
  readonly changedOtherParts: boolean;
}

/** Another service of the same stack. */
export interface StackSibling {
  readonly update: LastUpdate;
  /** The scaler wrote that update. */
  readonly isOurs: boolean;
  /** The count of its stack file, as far as known. */
  readonly fileReplicas: number | undefined;
}

export interface ResetEvidence {
  readonly update: LastUpdate;
  readonly isInStack: boolean;
  readonly siblings: readonly StackSibling[];
  readonly fileReplicas: number | undefined;
  /** Docker's clock: when a deploy was last recognised in this stack. */
  readonly stackDeployedAtMs: number | undefined;
  /** Docker's clock: traces up to then belong to a deploy that has reset this service before; it does so once. */
  readonly usedUpToMs: number | undefined;
  /** By our clock, which need not be Docker's: how long the other count has been known. */
  readonly knownForMs: number;
}

/** `wait`: look again soon, a deploy may still be on its way through the stack. */
export type ResetVerdict =
  | { readonly kind: 'deploy'; readonly trace: string }
  | { readonly kind: 'manual'; readonly trace: string }
  | { readonly kind: 'wait' };

/** Judges an update, not ours, after which a service has another count than the one in force. */
export function detectReset(evidence: ResetEvidence): ResetVerdict {
  const {
    update,
    isInStack,
    siblings,
    fileReplicas,
    stackDeployedAtMs,
    usedUpToMs = 0,
    knownForMs,
  } = evidence;
  if (!isInStack) return manual('it belongs to no stack');
  if (update.replicas === 0) return manual('it was stopped');
  if (update.changedOtherParts) return deploy('other parts of the spec changed as well');
  if (siblings.length === 0) {
    return update.replicas === fileReplicas
      ? deploy(`it is alone in its stack and got the count of its file, ${fileReplicas}`)
      : manual('it is alone in its stack and got another count than that of its file');
  }
  function isTrace(atMs: number): boolean {
    return atMs > usedUpToMs && Math.abs(atMs - update.atMs) <= DEPLOY_SPAN_MS;
  }
  const wasJustDeployed = stackDeployedAtMs !== undefined && isTrace(stackDeployedAtMs);
  if (wasJustDeployed || siblings.some((one) => isTrace(one.update.atMs) && wasWrittenByDeploy(one))) {
    return deploy('other services of the stack were written at the same time');
  }
  return knownForMs < DEPLOY_SPAN_MS
    ? { kind: 'wait' }
    : manual('no other service of the stack was written at the same time');
}

/** Deploys write services that they do not change, change other parts, or write the count of the file. */
function wasWrittenByDeploy({ update, isOurs, fileReplicas }: StackSibling): boolean {
  if (isOurs) return false;
  const onlyCountChanged = !update.changedOtherParts && update.replicas !== update.previousReplicas;
  return !onlyCountChanged || update.replicas === fileReplicas;
}

/** Until when (Docker's clock) writes in a stack belong to a deploy that has just been recognised. */
export function tracesUsedUpTo({ update, siblings }: ResetEvidence): number {
  const times = siblings.map((sibling) => sibling.update.atMs);
  const close = times.filter((atMs) => Math.abs(atMs - update.atMs) <= DEPLOY_SPAN_MS);
  return Math.max(update.atMs, ...close) + STRAGGLERS_MS;
}

/** How long after one service of a stack a deploy writes the next, unless it asks a slow registry. */
const STRAGGLERS_MS = 700;

function deploy(trace: string): ResetVerdict {
  return { kind: 'deploy', trace };
}

function manual(trace: string): ResetVerdict {
  return { kind: 'manual', trace };
}
