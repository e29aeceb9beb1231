import { PROXY_LABELS as LABELS } from '../../catalogue/proxy.js';
import type { Label } from '../../catalogue/label.js';
import { tellWhatNeedsAnother } from './needs-another.js';
import type { ParameterReader } from './parameter-reader.js';
import type { ProxyDestination, ProxyLabelDefaults, ProxyService, UserEntry } from './proxy-service.js';

/** Labels that close something, which only http knows. A path beside them is not worth a word. */
const CLOSING: readonly Label[] = [
  LABELS.users,
  LABELS.usersSecret,
  LABELS.verifyClientSsl,
  LABELS.allowedMethods,
  LABELS.deniedMethods,
  LABELS.denyHttp,
  LABELS.httpsOnly,
];

const STICKY = 'sticky-server';

/** What crypt(3) knows: `$id$…`, the 20 signs of BSDi, the 13 of DES. `$apr1$` is Apache's own. */
const CRYPT_HASH = /^(?:\$(?!apr1\$)[a-z0-9]{1,8}[$,].+|_[./0-9A-Za-z]{19}|[./0-9A-Za-z]{13})$/;

/** Tells of labels that can be read and do nothing: in this mode, without another one, or with this value. */
export function tellWhatHasNoEffect(
  reader: ParameterReader,
  service: ProxyService,
  { checkResolvers }: Pick<ProxyLabelDefaults, 'checkResolvers'>,
): void {
  if (reader.text(LABELS.compressionType) !== undefined && service.compressionAlgo.length === 0)
    reader.warn(LABELS.compressionType, undefined, {
      problem: 'has no effect without compressionAlgo',
      expected: 'compressionAlgo',
      kind: 'no-effect',
    });
  if (service.sessionType !== undefined && service.sessionType !== STICKY)
    reader.warn(LABELS.sessionType, undefined, {
      problem: 'has no effect: only sticky-server pins clients to a task',
      expected: STICKY,
      kind: 'no-effect',
      suggestion: STICKY,
    });
  const others = service.destinations.filter(({ mode }) => mode !== 'http');
  const isWithoutHttp = others.length > 0 && others.length === service.destinations.length;
  for (const label of CLOSING) {
    if (isWithoutHttp) tellOfMode(reader, label, undefined);
    for (const destination of others)
      if (isItsOwn(reader, label, destination)) tellOfMode(reader, label, destination.index);
  }
  tellWhatNeedsAnother(reader, { ...service, checkResolvers: service.checkResolvers ?? checkResolvers });
  tellOfUnusedUsers(reader, service);
  if (service.usersEncrypted) tellOfHashes(reader, service.users);
}

/** Users of a service whose destinations all ask an auth server. */
function tellOfUnusedUsers(reader: ParameterReader, { destinations }: ProxyService): void {
  const asked = destinations.filter(
    ({ mode, ignoreAuthorization }) => mode === 'http' && !ignoreAuthorization,
  );
  if (asked.length === 0 || asked.some(({ auth }) => auth === undefined)) return;
  for (const label of [LABELS.users, LABELS.usersSecret]) {
    if (reader.text(label) === undefined) continue;
    reader.warn(label, undefined, {
      problem: 'has no effect beside authUrl, which takes its place',
      expected: 'one of the two labels',
      kind: 'no-effect',
    });
  }
}

function tellOfMode(reader: ParameterReader, label: Label, index: number | undefined): void {
  // What says no, as `httpsOnly=false` does, closes nothing.
  if (reader.text(label, index) === undefined || reader.read(label, index) === false) return;
  reader.warn(label, index, {
    problem: 'has no effect on tcp and sni destinations',
    expected: 'an http destination',
    kind: 'no-effect',
  });
}

function isItsOwn(reader: ParameterReader, label: Label, { index }: ProxyDestination): boolean {
  return label.indexed && reader.isNumbered(label, index);
}

function tellOfHashes(reader: ParameterReader, users: readonly UserEntry[]): void {
  const wrong = users.findIndex(({ password }) => password !== undefined && !CRYPT_HASH.test(password));
  if (wrong < 0) return;
  reader.warn(LABELS.users, undefined, {
    problem: `has no effect: the password of user ${wrong + 1} is not a hash that HAProxy can check, so nobody can log in with it`,
    expected: 'a hash of crypt(3), as from openssl passwd -6 or mkpasswd',
    kind: 'no-effect',
  });
}
