import type { Label } from '../../catalogue/label.js';
import { PROXY_LABELS as LABELS } from '../../catalogue/proxy.js';
import type { ParameterReader } from './parameter-reader.js';
import type { ProxyDestination, ProxyService } from './proxy-service.js';

interface Need {
  readonly labels: readonly Label[];
  /** Whether what they need is there; without a destination where it is about the service. */
  readonly isMet: (service: ProxyService, destination: ProxyDestination) => boolean;
  /** `without authUrl`. */
  readonly without: string;
  readonly expected: string;
}

const isHttp = ({ mode }: ProxyDestination) => mode === 'http';
const hasTasks = ({ discovery, sessionType }: ProxyService) =>
  discovery === 'dns' || sessionType === 'sticky-server';
const speaksTls = ({ sslVerifyNone, server }: ProxyDestination) => sslVerifyNone || server.ca !== undefined;

function isChecked(service: ProxyService, destination: ProxyDestination): boolean {
  const { checkTcp, health } = destination;
  if (!isHttp(destination)) return checkTcp;
  if (service.waking && !service.canary) return health.path !== undefined;
  return (
    health.path !== undefined ||
    health.outlierErrors !== undefined ||
    service.canary !== undefined ||
    hasTasks(service) ||
    // Absent: nobody has said what CHECK_RESOLVERS is.
    service.checkResolvers !== false
  );
}

const NEEDS: readonly Need[] = [
  {
    labels: [
      LABELS.authSignin,
      LABELS.authRequestHeaders,
      LABELS.authResponseHeaders,
      LABELS.authExcept,
      LABELS.authTimeout,
    ],
    isMet: (_service, { auth }) => auth !== undefined,
    without: 'without authUrl',
    expected: 'authUrl',
  },
  {
    labels: [LABELS.canaryWeight, LABELS.canarySticky, LABELS.canaryHeader, LABELS.canaryCookie],
    isMet: ({ canary }) => canary !== undefined,
    without: 'without canaryOf',
    expected: 'canaryOf',
  },
  {
    labels: [LABELS.wakeWait, LABELS.wakePage, LABELS.wakeReplicas],
    isMet: ({ waking }) => waking !== undefined,
    without: 'without wakeOnRequest',
    expected: 'wakeOnRequest=true',
  },
  {
    // Such a service is checked by its requests.
    labels: [LABELS.outlierErrors],
    isMet: ({ waking }, { health }) => waking === undefined || health.path !== undefined,
    without: 'beside wakeOnRequest without checkPath',
    expected: 'checkPath',
  },
  {
    labels: [LABELS.serverName],
    isMet: (_service, destination) => speaksTls(destination),
    without: 'without sslVerifyNone or serverCa',
    expected: 'sslVerifyNone or serverCa',
  },
  {
    labels: [LABELS.sslVerifyNone],
    isMet: (_service, { server }) => server.ca === undefined,
    without: 'beside serverCa, which checks the certificate',
    expected: 'serverCa alone',
  },
  {
    labels: [LABELS.cookieSameSite],
    isMet: ({ sessionType }) => sessionType === 'sticky-server',
    without: 'without sessionType=sticky-server',
    expected: 'sessionType=sticky-server',
  },
  {
    labels: [LABELS.checkInterval, LABELS.checkRise, LABELS.checkFall, LABELS.slowStart],
    isMet: isChecked,
    without: 'without a check',
    expected: 'checkPath, or in tcp and sni mode checkTcp',
  },
];

/** Labels that only http knows. Those that close something are refused elsewhere. */
const HTTP_ONLY: readonly Label[] = [
  LABELS.corsPreflight,
  LABELS.wakeOnRequest,
  LABELS.serverProto,
  LABELS.cookieSameSite,
  LABELS.cookieSecure,
  LABELS.checkPath,
  LABELS.retryOn,
  LABELS.outlierErrors,
];

const ENTRY_ONLY: readonly Label[] = [LABELS.acceptProxy];

/** Tells of labels that can be read and do nothing without another one, or in this mode. */
export function tellWhatNeedsAnother(reader: ParameterReader, service: ProxyService): void {
  for (const { labels, isMet, without, expected } of NEEDS)
    for (const label of labels)
      tell(reader, service, label, (destination) => !isMet(service, destination), {
        problem: `has no effect ${without}`,
        expected,
      });
  for (const label of HTTP_ONLY)
    tell(reader, service, label, (destination) => !isHttp(destination), {
      problem: 'has no effect on tcp and sni destinations',
      expected: 'an http destination',
    });
  for (const label of ENTRY_ONLY)
    tell(reader, service, label, isHttp, {
      problem: 'has no effect on http destinations',
      expected: 'a tcp or sni destination',
    });
}

/**
 * A label without number is told of when no destination can use it, one with a number when its own cannot. What says
 * no, as `sslVerifyNone=false` does, promises nothing, unless yes is what goes without saying (`canarySticky=false`).
 */
function tell(
  reader: ParameterReader,
  { destinations }: ProxyService,
  label: Label,
  isIdle: (destination: ProxyDestination) => boolean,
  words: { readonly problem: string; readonly expected: string },
): void {
  const warn = (index: number | undefined) => {
    if (reader.text(label, index) === undefined) return;
    if (label.default !== 'true' && reader.read(label, index) === false) return;
    reader.warn(label, index, { ...words, kind: 'no-effect' });
  };
  if (destinations.length > 0 && destinations.every(isIdle)) warn(undefined);
  if (!label.indexed) return;
  for (const destination of destinations)
    if (reader.isNumbered(label, destination.index) && isIdle(destination)) warn(destination.index);
}
