/** A user of this machine. */
export interface SystemUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** The name of its group. */
  readonly group: string;
}

/** A user by the texts of `/etc/passwd` and `/etc/group`; `undefined` when it, or its group, is not there. */
export function findUser(name: string, passwd: string, groups: string): SystemUser | undefined {
  const [, , uid, gid] = entries(passwd).find(([found]) => found === name) ?? [];
  const [group] = entries(groups).find(([, , found]) => found === gid) ?? [];
  if (uid === undefined || gid === undefined || group === undefined) return undefined;
  return { name, uid: Number(uid), gid: Number(gid), group };
}

function entries(text: string): readonly (readonly string[])[] {
  return text.split('\n').map((line) => line.split(':'));
}
