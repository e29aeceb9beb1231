// An auth server in the manner of oauth2-proxy, and a service behind it, in one program. Who has been at its sign-in page is
// "ada": GET /auth answers 200 for the session's cookie and 401 without it, GET /sign-on/start begins a session and leads
// back. Any other path answers what the service has seen of the request, as JSON.
import { createServer } from 'node:http';

const SESSION = 'session=ada-lovelace';

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname === '/auth') {
    const isSignedOn = (request.headers.cookie ?? '').split('; ').includes(SESSION);
    if (!isSignedOn) return response.writeHead(401, { 'WWW-Authenticate': 'Cookie' }).end('who are you?\n');
    return response
      .writeHead(200, { 'Remote-User': 'ada', 'Set-Cookie': `${SESSION}; Path=/; HttpOnly` })
      .end();
  }
  if (url.pathname === '/sign-on/start') {
    const Location = url.searchParams.get('rd') ?? '/';
    return response.writeHead(302, { Location, 'Set-Cookie': `${SESSION}; Path=/; HttpOnly` }).end();
  }
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ path: request.url, user: request.headers['remote-user'] }));
});
server.listen(8080, () => console.log('listening'));
process.once('SIGTERM', () => process.exit(0));
