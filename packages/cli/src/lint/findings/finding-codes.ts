/** What a code of a finding stands for. Codes never change their meaning. */
export interface FindingCode {
  readonly severity: string;
  readonly meaning: string;
}

const E = 'error';
const W = 'warning';
const I = 'info';

function code(severity: string, meaning: string): FindingCode {
  return { severity, meaning };
}

/** Every code, in the order of its number: files, labels, routes, alerts, scaling, the place in the stack, certificates, traffic. */
export const FINDING_CODES: Readonly<Record<string, FindingCode>> = {
  DF001: code(E, 'The file is not YAML: syntax, tabs, a key twice, an unknown alias, not text.'),
  DF002: code(
    E,
    'It is YAML, but Docker refuses it: labels in a wrong form, a boolean as a value, a misspelt key.',
  ),
  DF003: code(W, 'There is more than one document in the file; only the first one counts.'),
  DF004: code(E, 'The file is too large, or grows too large by its aliases.'),
  DF101: code(E, 'A value that its program cannot read: it is refused, or counts as absent.'),
  DF102: code(E, 'An unknown label that is nearly one of ours.'),
  DF103: code(W, 'A label of the monitor in other letter case; it works.'),
  DF104: code(W, 'A label that has no effect: with this value, in this mode, or without another one.'),
  DF105: code(W, 'Quotes around a value that were meant for YAML; programs read the value without them.'),
  DF106: code(
    E,
    'A number that is never read: after a gap, above 10, with a leading zero, or where none is taken.',
  ),
  DF107: code(W, 'The same label twice in the list form; the last one counts.'),
  DF108: code(I, 'An old name that still works.'),
  DF109: code(E, 'No label of ours because of its form: blanks around the name, or another prefix.'),
  DF110: code(E, 'Raw configuration where the operator does not allow it (`--no-raw`).'),
  DF201: code(E, 'The service asks for a route, and has neither a path nor a domain.'),
  DF202: code(E, 'An http destination without `port` and `httpsPort`.'),
  DF203: code(E, 'A tcp or sni destination without `srcPort` or `port`, or sni without a name.'),
  DF205: code(W, 'A path or domain that no request can have.'),
  DF206: code(E, 'An entry port that is taken.'),
  DF207: code(E, 'tcp destinations share a port, and nothing tells them apart.'),
  DF208: code(W, 'A destination that never gets a request, as an earlier one takes all of them.'),
  DF209: code(E, '`usersSecret` names a secret that the proxy in the files does not have.'),
  DF210: code(W, 'The proxy in the files does not publish this entry port.'),
  DF211: code(E, 'HAProxy refuses what becomes of the service. Needs HAProxy.'),
  DF301: code(E, 'An alert without a name or without a condition.'),
  DF302: code(E, 'An unknown shortcut.'),
  DF303: code(E, 'A shortcut that lacks values.'),
  DF304: code(E, 'No PromQL, or a value of a shortcut that is none.'),
  DF305: code(E, '`alertFor` is not a duration.'),
  DF306: code('error, warning', 'Two alerts under one name: of one service an error, of two a warning.'),
  DF307: code(E, 'A piece of `alertLabels` or `alertAnnotations` that is dropped.'),
  DF308: code(W, 'More values than the shortcut takes.'),
  DF309: code(W, 'An alert on metrics of the service itself, which is not scraped.'),
  DF310: code(E, 'A template in an annotation or metric label that is none. Needs promtool.'),
  DF401: code(E, '`scaleMin` is above `scaleMax`.'),
  DF402: code(W, 'The replicas of the file are outside of the bounds.'),
  DF403: code(E, 'Bounds or steps on a service that is not replicated.'),
  DF404: code(I, 'Bounds, and nothing in the labels scales.'),
  DF405: code(W, 'One bound, and it is beyond the default of the other one.'),
  DF450: code(
    E,
    'A target of the autoscaler that the labels do not make whole, or that contradicts another label.',
  ),
  DF451: code(W, 'A label of the autoscaler that has no effect here.'),
  DF452: code(W, 'A target as a share of what the tasks reserve, and the service reserves nothing.'),
  DF501: code(E, 'Labels beside `image`, where no program sees them.'),
  DF502: code(E, 'Labels for the listener’s receivers without `com.df.notify`.'),
  DF503: code('error, warning', 'The service shares no network with the proxy or the monitor.'),
  DF504: code(E, 'The service is not on the network that `scrapeNetwork` names.'),
  DF505: code(E, 'Docker cannot fill in the variables of a value: write `$$` for a dollar sign.'),
  DF506: code(E, 'A single `$` before a name, probably meant for the label itself.'),
  DF507: code(W, 'A variable that is not set and has no default.'),
  DF508: code(E, 'A required variable is not set.'),
  DF509: code(W, 'YAML reads an unquoted value as something else: `yes`, octal, dates, base 60.'),
  DF510: code(E, '`notifyService` names no receiver of any listener in the files (`--together`).'),
  DF601: code(
    E,
    'A name that no certificate is ordered for: no name for an authority, outside of `ACME_ALLOW`, or a wildcard without DNS.',
  ),
  DF602: code(E, 'The service asks for a certificate, and there is no name for it.'),
  DF603: code(W, 'A name of `acmeDomains` by which no service is reached (`--together`).'),
  DF604: code(W, 'A certificate for a service with tcp and sni destinations only.'),
  DF605: code(W, 'A certificate is asked for, and the proxy in the files listens for TLS nowhere.'),
  DF606: code(W, 'Labels of the old companion beside those that begin with `acme`.'),
  DF607: code(W, 'More names than an authority puts into one certificate.'),
  DF608: code(W, 'Two services share a part of the names of their certificates.'),
  DF609: code(W, 'The old companion runs beside the certificates program.'),
  DF610: code(W, 'The certificates program with several replicas, or without a place for its account.'),
  DF611: code(W, '`httpsOnly`, and the proxy in the files has no certificate and nobody orders one.'),
  DF701: code(
    E,
    'A label that cannot be kept beside another one: rather than leave the service open, the proxy refuses it.',
  ),
  DF702: code(W, 'A label about traffic that has no effect in this mode, or without another label.'),
  DF703: code(
    E,
    'A canary that cannot be: of a canary, the second one of a service, or of one with a text of its own.',
  ),
};
