import type { Account } from '../api/types';

/** Seconds since the channel last answered, by the server's clock. */
export function lagOf(account: Account, nowMs: number): number | null {
  if (account.last_ok_at) return Math.max(0, (nowMs - new Date(account.last_ok_at).getTime()) / 1000);
  return account.lag_s;
}
