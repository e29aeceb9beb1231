/** How long something is or was, in the two units that matter: `45 s`, `3 min`, `2 h 5 min`, `4 d`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d`;
}

/** `12 ms`, `1.25 s`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 0.0995) return `${Number((seconds * 1_000).toPrecision(2))} ms`;
  if (seconds < 0.9995) return `${Math.round(seconds * 1_000)} ms`;
  return `${Number(seconds.toPrecision(3))} s`;
}

/** `0`, `0.25`, `12.3`, `1,240`. */
export function formatRate(rate: number): string {
  if (rate === 0) return '0';
  if (rate < 0.005) return '< 0.01';
  if (rate < 100) return String(Number(rate.toPrecision(3)));
  return Math.round(rate).toLocaleString('en');
}

/** A share such as `2.5 %`. */
export function formatShare(share: number): string {
  if (share === 0) return '0 %';
  if (share < 0.001) return '< 0.1 %';
  return `${Number((share * 100).toPrecision(share < 1 ? 2 : 3))} %`;
}

/** The time of day here, with the day when it is another one. */
export function formatTime(ms: number, nowMs: number): string {
  const date = new Date(ms);
  const time = date.toLocaleTimeString('en-GB');
  const isToday = date.toDateString() === new Date(nowMs).toDateString();
  return isToday ? time : `${date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })} ${time}`;
}

/** An instant such as `3 Feb 2027`. */
export function formatDay(iso: string): string {
  return new Date(iso).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
}
