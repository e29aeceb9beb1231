import type { PrometheusFiles, RuleFile, TargetGroup } from './model.js';
import { renderYaml, type YamlMapping } from './yaml.js';

/** The texts of all generated files. Same state, same bytes. */
export interface RenderedFiles {
  readonly config: string;
  /** `undefined` when there is no alert. */
  readonly rules: string | undefined;
  /** By service name. */
  readonly targets: ReadonlyMap<string, string>;
}

export function renderFiles({ config, rules, targets }: PrometheusFiles): RenderedFiles {
  return {
    config: renderYaml(config as YamlMapping),
    rules: rules && renderRules(rules),
    targets: new Map([...targets].map(([service, groups]) => [service, renderTargets(groups)])),
  };
}

export function renderRules(rules: RuleFile): string {
  return renderYaml(rules as unknown as YamlMapping);
}

function renderTargets(groups: readonly TargetGroup[]): string {
  return `${JSON.stringify(groups, undefined, 1)}\n`;
}

export function sameFiles(a: RenderedFiles, b: RenderedFiles): boolean {
  return (
    a.config === b.config &&
    a.rules === b.rules &&
    a.targets.size === b.targets.size &&
    [...a.targets].every(([service, text]) => b.targets.get(service) === text)
  );
}
