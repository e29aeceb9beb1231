// Lets the same requests through to /var/run/docker.sock as tecnativa/docker-socket-proxy does: sections of the API
// whose variable is set, GET and HEAD only unless POST is. Everything else is 403, and is logged.
import { createServer, request } from 'node:http';

const SECTIONS = [
  'events',
  'info',
  'nodes',
  'services',
  'tasks',
  'networks',
  'containers',
  'secrets',
  'swarm',
];
const ALWAYS = ['_ping', 'version'];

const isSet = (name) => /^(1|true|yes|on)$/i.test(process.env[name] ?? '');
const allowed = new Set([...ALWAYS, ...SECTIONS.filter((section) => isSet(section.toUpperCase()))]);

function mayPass(method, url) {
  const [, section] = /^(?:\/v[\d.]+)?\/([a-z_]+)/.exec(decodeURIComponent(url.split('?')[0])) ?? [];
  return allowed.has(section) && (method === 'GET' || method === 'HEAD' || isSet('POST'));
}

const server = createServer({ requestTimeout: 0 }, (incoming, outgoing) => {
  if (!mayPass(incoming.method, incoming.url)) {
    console.log(`refused ${incoming.method} ${incoming.url}`);
    outgoing.writeHead(403).end();
    return;
  }
  const { method, url, headers } = incoming;
  const docker = request({ socketPath: '/var/run/docker.sock', method, path: url, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers);
    outgoing.flushHeaders();
    answer.pipe(outgoing);
  });
  docker.on('error', () => outgoing.destroy());
  outgoing.on('close', () => docker.destroy());
  incoming.pipe(docker);
});
server.listen(2375, () => console.log('listening'));
process.once('SIGTERM', () => process.exit(0));
