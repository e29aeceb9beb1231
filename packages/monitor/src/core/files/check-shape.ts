import { namesFiles } from './check-form.js';
import type { AlertingRule, ScrapeConfig, TargetGroup } from '../services/prometheus-model.js';
import { isMapping, PlainScalar, type YamlValue } from '../text/yaml.js';

/*
 * Shapes of rules and jobs: what is left when names, texts and numbers that mean nothing to a check are taken out. The
 * check says the same of everything of one shape, so most services, whose alerts and jobs differ in names and limits
 * alone, need no run of promtool of their own. What is not plainly harmless stays in the shape as it is written.
 */

/** Stands for something harmless; what contains it already has no shape. */
const HOLE = '\u0001';
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const HOST = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;
const ADDRESS = /^[A-Za-z0-9][A-Za-z0-9_.-]*:[0-9]{1,5}$/;
/** Neither escapes nor parts of a template; as a regular expression it is one that needs at least one character. */
const PLAIN_TEXT = /^[A-Za-z0-9 _.,:;/%@=-]+$/;
/** Limits and the like. Zero is another matter: no range may be zero. */
const NUMBER = /^(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,6})?$/;
const ACTION = /(\{\{.*?\}\})/;
const STRING_OR_WORD = /"([^"]*)"|'([^']*)'|[A-Za-z0-9_.:]+/g;
/** Escapes, raw strings, comments and line breaks make it harder to say where a string ends. */
const HARD_TO_READ = /[\\`#\r\n]/;

/** `undefined` for a rule that has to be checked itself. */
export function ruleShape(rule: AlertingRule): string | undefined {
  const { alert, expr, labels = {}, annotations = {}, ...others } = rule;
  const all = JSON.stringify(rule);
  if (all.includes('\\u0001') || HARD_TO_READ.test(expr) || !NAME.test(alert)) return undefined;
  return JSON.stringify([expressionShape(expr), textsShape(labels), textsShape(annotations), others]);
}

/**
 * Of a job and its targets, when these stand in a file of their own; `undefined` for a job that has to be checked
 * itself.
 */
export function jobShape(job: ScrapeConfig, targets: readonly TargetGroup[] | undefined): string | undefined {
  // The target file is the job's own, and is written before it is read.
  const others = targets ? { ...job, file_sd_configs: undefined } : job;
  if (namesFiles(others) || JSON.stringify([job, targets]).includes('\\u0001')) return undefined;
  return JSON.stringify([valueShape(job), targets && [...new Set(targets.map(groupShape))].sort()]);
}

function expressionShape(expression: string): string {
  return expression.replace(
    STRING_OR_WORD,
    (token, double: string | undefined, single: string | undefined) => {
      const text = double ?? single;
      if (text !== undefined) return PLAIN_TEXT.test(text) ? `"${HOLE}"` : token;
      return NUMBER.test(token) && Number(token) > 0 ? HOLE : token;
    },
  );
}

function textsShape(texts: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(texts).map(([name, text]) => [name, textShape(text)]);
}

/** Prometheus checks the actions of templates, not what stands between them. */
function textShape(text: string): string {
  const parts = text.split(ACTION);
  return parts.every((part, i) => i % 2 === 1 || part === '' || PLAIN_TEXT.test(part))
    ? parts.map((part, i) => (i % 2 === 1 ? part : HOLE)).join('')
    : text;
}

function groupShape({ targets, labels }: TargetGroup): string {
  const addresses = new Set(targets.map((target) => (ADDRESS.test(target) ? HOLE : target)));
  return JSON.stringify([[...addresses].sort(), textsShape(labels)]);
}

/** Names of the job, of its hosts and of its target file are holes. */
function valueShape(value: YamlValue, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item: YamlValue) => valueShape(item, key));
  if (isMapping(value))
    return Object.entries(value).flatMap(([name, entry]) =>
      entry === undefined ? [] : [[name, valueShape(entry, name)]],
    );
  if (typeof value === 'string' && (key === 'job_name' || key === 'names') && HOST.test(value)) return HOLE;
  if (typeof value === 'string' && key === 'files')
    return value.replace(/[A-Za-z0-9][A-Za-z0-9_.-]*\.json$/, HOLE);
  return value instanceof PlainScalar ? ['plain', value] : value;
}
