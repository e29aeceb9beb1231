interface RulesAnswer {
  readonly data?: { readonly groups?: readonly { readonly rules?: readonly RuleState[] }[] };
}

interface RuleState {
  readonly name?: unknown;
  readonly health?: unknown;
  readonly lastError?: unknown;
}

/**
 * From the answer of `/api/v1/rules`: why the last evaluation of each rule that fails has failed, by its name.
 * `undefined` when it is no such answer.
 */
export function readRuleErrors(body: string): ReadonlyMap<string, string> | undefined {
  let answer: RulesAnswer | null;
  try {
    answer = JSON.parse(body) as RulesAnswer | null;
  } catch {
    return undefined;
  }
  const groups = answer?.data?.groups;
  if (!Array.isArray(groups)) return undefined;
  const errors = new Map<string, string>();
  for (const { rules = [] } of groups as readonly { readonly rules?: readonly RuleState[] }[])
    for (const { name, health, lastError } of rules)
      if (health === 'err' && typeof name === 'string')
        errors.set(name, typeof lastError === 'string' ? lastError : 'the evaluation has failed');
  return errors;
}
