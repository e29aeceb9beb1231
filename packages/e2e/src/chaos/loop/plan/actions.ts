import { labelsOf, type WalkedService } from './walked-service.js';

/** One thing that people or programs do to a service. */
export type Action =
  | { readonly what: 'create' | 'relabel' | 'scale' | 'redeploy'; readonly service: WalkedService }
  | { readonly what: 'remove'; readonly name: string }
  | {
      readonly what: 'webhooks';
      readonly name: string;
      /** Directions as they arrive at the scaler, repeated and out of order. */
      readonly directions: readonly ('up' | 'down')[];
    };

/** The services that are there, by name. */
export type World = ReadonlyMap<string, WalkedService>;

/** The world after the action. Webhooks leave it to the scaler what becomes of the count. */
export function after(world: World, action: Action): World {
  const result = new Map(world);
  if (action.what === 'remove') result.delete(action.name);
  else if (action.what !== 'webhooks') result.set(action.service.name, action.service);
  return result;
}

/** For people who read what happened. */
export function actionInWords(action: Action): string {
  if (action.what === 'remove') return `remove ${action.name}`;
  if (action.what === 'webhooks') return `webhooks for ${action.name}: ${action.directions.join(', ')}`;
  const { name, replicas, version } = action.service;
  if (action.what === 'scale') return `scale ${name} to ${replicas}`;
  if (action.what === 'redeploy') return `replace the tasks of ${name} (version ${version})`;
  return `${action.what} ${name}, ${replicas} replica(s), ${JSON.stringify(labelsOf(action.service))}`;
}
