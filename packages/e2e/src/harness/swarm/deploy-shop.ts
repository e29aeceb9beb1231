import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { DockerCli } from './docker-cli.js';

/** A service whose requests every replica of the proxy gets: the stack `shop` with the demo as `web`, port 8080. */
export interface Shop {
  readonly image: string;
  readonly cluster: { readonly hasIpvs: boolean };
  /** Where the stack file is written. */
  readonly directory: string;
  /** Labels beside those that every shop has, without `com.df.`. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Deploys it, or deploys it anew with other labels. */
export async function deployShop(
  docker: DockerCli,
  { image, cluster, directory, labels }: Shop,
): Promise<void> {
  const all = { notify: 'true', distribute: 'true', port: '8080', ...labels };
  const lines = Object.entries(all).map(([name, value]) => `        - com.df.${name}=${value}\n`);
  const file = path.join(directory, 'shop.yml');
  await writeFile(
    file,
    `version: "3.8"
services:
  web:
    image: ${image}
    networks: [proxy]
    environment: ["DB=/tmp/demo.sqlite"]
    deploy:
      endpoint_mode: ${cluster.hasIpvs ? 'vip' : 'dnsrr'}
      labels:
${lines.join('')}networks: {proxy: {external: true}}
`,
  );
  await docker.run(['stack', 'deploy', '--resolve-image', 'never', '-c', file, 'shop']);
}
