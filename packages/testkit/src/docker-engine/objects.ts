/** Objects of the Docker Engine API as far as Swarm programs read or write them; other fields pass through. */

export interface ContainerSpec {
  readonly Image?: string;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

export interface TaskTemplate {
  readonly ContainerSpec?: ContainerSpec;
  readonly ForceUpdate?: number;
  readonly Networks?: readonly { readonly Target: string }[];
  readonly [field: string]: unknown;
}

export interface ServiceMode {
  readonly Replicated?: { readonly Replicas?: number };
  readonly Global?: Readonly<Record<string, never>>;
}

export interface ServiceSpec {
  readonly Name: string;
  readonly Labels?: Readonly<Record<string, string>> | null;
  readonly TaskTemplate?: TaskTemplate;
  readonly Mode?: ServiceMode;
  /** `Monitor` and `Delay` are nanoseconds. */
  readonly UpdateConfig?: { readonly Monitor?: number; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

export interface ObjectMeta {
  readonly ID: string;
  readonly Version: { readonly Index: number };
  readonly CreatedAt: string;
  readonly UpdatedAt: string;
}

export interface EngineService extends ObjectMeta {
  readonly Spec: ServiceSpec;
  readonly PreviousSpec?: ServiceSpec;
  readonly Endpoint?: Readonly<Record<string, unknown>>;
  readonly UpdateStatus?: { readonly State: string; readonly Message?: string };
}

export interface NetworkAttachment {
  readonly Network: { readonly ID: string; readonly Spec: { readonly Name: string } };
  /** With mask: `10.0.1.5/24`. */
  readonly Addresses?: readonly string[];
}

export interface EngineTask extends ObjectMeta {
  readonly ServiceID: string;
  /** Absent for tasks of global services. */
  readonly Slot?: number;
  readonly NodeID?: string;
  readonly DesiredState: string;
  readonly Status: { readonly State: string; readonly Err?: string; readonly [field: string]: unknown };
  readonly Spec?: TaskTemplate;
  readonly NetworksAttachments?: readonly NetworkAttachment[];
}

export interface EngineNode extends ObjectMeta {
  readonly Spec: {
    readonly Role: string;
    readonly Availability: string;
    readonly Labels: Readonly<Record<string, string>>;
  };
  readonly Description: {
    readonly Hostname: string;
    readonly Engine: {
      readonly EngineVersion: string;
      readonly Labels: Readonly<Record<string, string>>;
    };
  };
  readonly Status: { readonly State: string; readonly Addr: string };
  /** Absent for workers. */
  readonly ManagerStatus?: {
    readonly Leader?: boolean;
    readonly Reachability: string;
    readonly Addr: string;
  };
}

export interface EngineEvent {
  readonly Type: string;
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
  readonly scope: string;
  /** Seconds. */
  readonly time: number;
  readonly timeNano: number;
}
