import { findValue } from '../core/spec-text.js';
import type { SwarmService } from '../ports.js';

interface ServiceJson {
  readonly ID: string;
  readonly Version?: { readonly Index?: number };
  readonly CreatedAt?: string;
  readonly UpdatedAt?: string;
  readonly Spec: SpecJson;
  readonly PreviousSpec?: SpecJson;
  readonly UpdateStatus?: { readonly State?: string };
  readonly ServiceStatus?: { readonly RunningTasks?: number };
}

interface SpecJson {
  readonly Name?: string;
  readonly Labels?: Readonly<Record<string, string>> | null;
  readonly Mode?: {
    readonly Replicated?: { readonly Replicas?: number } | null;
    readonly Global?: object | null;
  };
  readonly UpdateConfig?: { readonly FailureAction?: string };
  readonly TaskTemplate?: { readonly ContainerSpec?: { readonly Env?: readonly string[] | null } };
}

const STACK_LABEL = 'com.docker.stack.namespace';
const REPLICAS_PATH = ['Mode', 'Replicated', 'Replicas'];

/**
 * Reads one service of the Engine API from its JSON text. What needs the text itself is looked up only
 * when asked for, since lists of hundreds of services are read every few seconds.
 *
 * @throws {SyntaxError} when it is no JSON
 */
export function parseService(text: string): SwarmService {
  const json = JSON.parse(text) as ServiceJson;
  const { Spec: spec, PreviousSpec: previous } = json;
  const labels = spec.Labels ?? {};
  return {
    id: json.ID,
    name: spec.Name ?? '',
    version: json.Version?.Index ?? 0,
    labels,
    mode: spec.Mode?.Replicated ? 'replicated' : spec.Mode?.Global ? 'global' : 'other',
    replicas: spec.Mode?.Replicated?.Replicas,
    stack: labels[STACK_LABEL],
    updateState: json.UpdateStatus?.State,
    failureAction: spec.UpdateConfig?.FailureAction,
    createdAtMs: Date.parse(json.CreatedAt ?? '') || 0,
    updatedAtMs: Date.parse(json.UpdatedAt ?? json.CreatedAt ?? '') || 0,
    previousReplicas: previous?.Mode?.Replicated?.Replicas,
    get changedOtherParts() {
      const before = previous ? textAt(text, 'PreviousSpec') : undefined;
      return before === undefined || withoutReplicas(this.specText) !== withoutReplicas(before);
    },
    environment: spec.TaskTemplate?.ContainerSpec?.Env ?? [],
    get specText() {
      return textAt(text, 'Spec') ?? '{}';
    },
    runningTasks: json.ServiceStatus ? (json.ServiceStatus.RunningTasks ?? 0) : undefined,
  };
}

function textAt(text: string, key: string): string | undefined {
  const span = findValue(text, [key]);
  return span === undefined ? undefined : text.slice(span.start, span.end);
}

function withoutReplicas(specText: string): string {
  const span = findValue(specText, REPLICAS_PATH);
  return span === undefined ? specText : specText.slice(0, span.start) + specText.slice(span.end);
}
