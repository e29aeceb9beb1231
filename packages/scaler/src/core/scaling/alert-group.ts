/** One post of an alert group, as far as it tells whether there is anything new in it. */
export interface GroupPost {
  /** Who delivered it: Alertmanagers that work side by side are told apart by it. */
  readonly peer: string;
  /** The alerts that fire, each with its start: one that fires again is another one. */
  readonly firing: readonly string[];
  /** How many alerts of the group Alertmanager has left out (`truncatedAlerts`). */
  readonly hidden: number;
  readonly atMs: number;
}

/** What is kept of a group from post to post. */
export interface GroupMemory {
  /** When it was last decided. */
  readonly atMs: number;
  /** The alerts that fired at the last post. */
  readonly firing: readonly string[];
  /** All alerts that have fired since it was last decided. */
  readonly known: readonly string[];
  readonly hidden: number;
  /** Who has delivered since it was last decided. */
  readonly peers: readonly string[];
}

/** What a post is to be taken for. Only `news` is decided. */
export type GroupVerdict = 'news' | 'repeated' | 'copy' | 'subset';

/**
 * How long the post of another Alertmanager can be a copy: each tries for its `group_interval` to deliver, which is
 * 5 minutes unless it is set.
 */
const COPIES_COME_WITHIN_MS = 5 * 60_000;

/** More alerts than that are not told apart: the rest counts as left out. */
export const MOST_ALERTS = 1_000;

/**
 * Whether a post says anything that was not decided before:
 *
 * - within the window everything of a group counts once (`repeated`);
 * - some alerts less than at the last post, and none more, are alerts that were resolved (`subset`);
 * - the same alerts from an Alertmanager that has not delivered them yet are a `copy`; from one that has, they are a
 *   repetition, which asks for one more step as long as they fire: `news`.
 */
export function judgePost(
  before: GroupMemory | undefined,
  post: GroupPost,
  { windowMs }: { readonly windowMs: number },
): GroupVerdict {
  if (before === undefined) return 'news';
  const ageMs = Math.abs(post.atMs - before.atMs);
  if (ageMs < windowMs) return 'repeated';
  if (post.firing.length === 0) return 'news';
  const known = new Set(before.known);
  if (post.hidden > before.hidden || post.firing.some((alert) => !known.has(alert))) return 'news';
  const isSame = post.hidden === before.hidden && isSameSet(post.firing, before.firing);
  if (!isSame) return 'subset';
  return !before.peers.includes(post.peer) && ageMs < COPIES_COME_WITHIN_MS ? 'copy' : 'news';
}

/** What to keep after a post that was judged so. A step that follows from news is what later posts are held against. */
export function rememberPost(
  before: GroupMemory | undefined,
  post: GroupPost,
  verdict: GroupVerdict,
): GroupMemory {
  const { peer, hidden } = post;
  const firing = post.firing.slice(0, MOST_ALERTS);
  if (before === undefined || verdict === 'news')
    return { atMs: post.atMs, firing, known: firing, hidden, peers: [peer] };
  const peers = before.peers.includes(peer) ? before.peers : [...before.peers, peer].slice(-MOST_PEERS);
  // What came within the window was not decided: it must stay new to the next post.
  return verdict === 'subset' ? { ...before, peers, firing, hidden } : { ...before, peers };
}

const MOST_PEERS = 10;

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  const members = new Set(a);
  return members.size === new Set(b).size && b.every((one) => members.has(one));
}
