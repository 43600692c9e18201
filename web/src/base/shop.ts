import { createContext, useContext } from 'react';
import type { Permission, Session } from '../api/types';

/* Who is signed in and for which shop. Everything below the shell may rely on it. */
export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('used outside of a session');
  return session;
}

const nowhere: Session['shop'] = {
  name: '',
  country: 'KZ',
  currency: 'KZT',
  time_zone: 'Asia/Almaty',
  demo: false,
};
export const useShop = (): Session['shop'] => useContext(SessionContext)?.shop ?? nowhere;

/** The clock that this person reads: his own, or the shop's. */
export const useZone = (): string => {
  const session = useContext(SessionContext);
  return session?.user.time_zone || (session?.shop ?? nowhere).time_zone;
};

export function useMay(): (permission: Permission) => boolean {
  const session = useContext(SessionContext);
  return (permission) => session?.user.permissions.includes(permission) ?? false;
}

/** The market of an account: `kaspi`. */
export function useAccountChannel() {
  const session = useSession();
  return (id: string) => session.accounts.find((a) => a.id === id)?.channel ?? '';
}

export function usePersonName() {
  const session = useSession();
  return (id: string | null) => session.users.find((u) => u.id === id)?.name ?? null;
}
