// Usage: node nxdomain-resolver.mjs ADDRESS
// A name server that says "no such name" to everything. Swarm's own DNS passes names that it does not know
// on to the node's resolver; in a LAN with no way out that takes 10 s to fail, with this one 10 ms, as on a
// real network.
import { createSocket } from 'node:dgram';

const HEADER_LENGTH = 12;
const socket = createSocket('udp4');

socket.on('message', (query, client) => {
  if (query.length <= HEADER_LENGTH) return;
  let end = HEADER_LENGTH;
  while (end < query.length && query[end] !== 0) end += (query[end] ?? 0) + 1;
  const answer = Buffer.from(query.subarray(0, end + 5)); // header, name, its closing zero, type, class
  answer[2] = 0x84 | ((query[2] ?? 0) & 0x01); // response, authoritative, "recursion desired" as asked
  answer[3] = 0x83; // recursion available, NXDOMAIN
  answer.fill(0, 6, HEADER_LENGTH); // no answers, no authorities, no additional records
  socket.send(answer, client.port, client.address);
});
socket.bind(53, process.argv[2]);
