import { describe, expect, test } from '@jest/globals';
import { reconcileWorld } from '../testing/reconcile-world.js';

describe('an entry port', () => {
  const tcp = (name: string) => ({ serviceName: name, reqMode: 'tcp', srcPort: '9000', port: '80' });

  test('that another program holds never reaches HAProxy', async () => {
    const world = reconcileWorld();
    world.takenPorts.add(9000);
    world.want(tcp('a'));
    await world.run();
    expect(world.rejected()).toEqual(['a']);
    expect(world.live).not.toContain('9000');
  });

  test('that is a default port can go from the http services to a tcp service', async () => {
    const world = reconcileWorld({ DEFAULT_PORTS: '9000' });
    await world.run();
    world.takenPorts.add(9000);
    world.want(tcp('a'));
    await world.run();
    expect(world.rejected()).toEqual([]);
  });

  test('that the configuration of the last run has opened is ours after a restart', async () => {
    const world = reconcileWorld();
    world.live = 'frontend tcpFE_9000\n    bind *:9000\n';
    await world.reconciliation.resume();
    world.takenPorts.add(9000);
    world.want(tcp('a'));
    await world.run();
    expect(world.rejected()).toEqual([]);
  });

  test('that is ours already stays ours', async () => {
    const world = reconcileWorld();
    world.want(tcp('a'));
    await world.run();
    world.takenPorts.add(9000);
    world.want(tcp('b'));
    await world.run();
    expect(world.rejected()).toEqual([]);
  });
});
