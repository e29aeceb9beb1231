import { expect, test } from '@jest/globals';
import { lintText } from '../../testing/lint-text.js';
import { runCommand } from '../../testing/run-command.js';

const STACK = `# the shop
services:
  web:
    image: nginx
    networks: [proxy] # shared
    deploy:
      replicas: 2
      labels:
        - team=blue
        - traefik.enable=true
        - traefik.http.routers.web.rule=Host(\`\${DOMAIN:-a.com}\`)
        - traefik.http.routers.web.priority=10
        - traefik.http.services.web.loadbalancer.server.port=80
  api:
    image: api
    networks: [proxy]
    labels:
      traefik.http.routers.api.rule: PathPrefix(\`/api\`)
      traefik.http.services.api.loadbalancer.server.port: 8080
  plain:
    image: x
networks:
  proxy:
    external: true
`;

test('labels change, comments and everything else stay', async () => {
  const { status, result, messages } = await runCommand(['convert', '--from', 'traefik', '@shop.yml'], {
    files: { 'shop.yml': STACK },
  });
  expect(status).toBe(0);
  expect(result).toBe(`# the shop
services:
  web:
    image: nginx
    networks: [proxy] # shared
    deploy:
      replicas: 2
      labels:
        - team=blue
        # traefik.http.routers.web.priority: com.df.aclName sorts services: the earlier one is asked first, / last
        - com.df.notify=true
        - com.df.serviceDomain=\${DOMAIN:-a.com}
        - com.df.port=80
  api:
    image: api
    networks: [proxy]
    deploy:
      labels:
        - com.df.notify=true
        - com.df.servicePath=/api
        - com.df.port=8080
  plain:
    image: x
networks:
  proxy:
    external: true
`);
  expect(messages).toContain('service web: traefik.http.routers.web.priority has no equal');
  expect(await lintText(result)).toEqual([]);
});

test('labels that come by an alias change for their own service alone', async () => {
  const stack = `x-common: &common
  labels: [caddy=http://a.com, "caddy.reverse_proxy={{upstreams 80}}"]
services:
  web: {image: x, networks: [proxy], deploy: *common}
networks:
  proxy: {external: true}
`;
  const { result } = await runCommand(['convert', '--from', 'caddy', '-'], { stdin: stack });
  expect(result).toContain('x-common: &common\n  labels: [caddy=http://a.com,');
  expect(await lintText(result)).toEqual([]);
  expect(result).toContain('com.df.serviceDomain=a.com');
});

test.each([
  [['convert', '@shop.yml'], '--from'],
  [['convert', '--from', 'nginx', '@shop.yml'], 'traefik'],
  [['convert', '--from', 'traefik', '@none.yml'], 'no such file'],
  [['convert', '--from', 'traefik', '--entry-point', 'pg', '@shop.yml'], '--entry-point pg'],
  [['convert', '--from', 'traefik', '@broken.yml'], 'broken.yml:2'],
])('%j: exit status 2', async (args, reason) => {
  const { status, result, messages } = await runCommand(args, {
    files: { 'shop.yml': STACK, 'broken.yml': 'a: b\n\tc: d\n' },
  });
  expect([status, result]).toEqual([2, '']);
  expect(messages).toContain(reason);
});
