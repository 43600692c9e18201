import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, post, put, remove } from '../../api/client';
import { keys } from '../../api/keys';
import type { NoticeMode, NoticeTarget, NoticeWays } from '../../api/types';
import { useProblemText } from '../../base/problem';
import { toast } from '../../base/toasts';

export const noticeMedia = ['telegram', 'push', 'email'] as const;
export type NoticeMedium = (typeof noticeMedia)[number];
export const noticeTypes = [
  'order_yellow',
  'order_team',
  'order_red',
  'order_breached',
  'return_yellow',
  'return_team',
  'return_red',
  'return_breached',
  'channel_stopped',
  'standing',
  'reason',
] as const;
export type NoticeType = (typeof noticeTypes)[number];
/** A rung of the ladder cannot wait for a digest. */
export const modesOf = (type: NoticeType): NoticeMode[] =>
  /^(order|return)_/.test(type) ? ['now', 'never'] : ['now', 'digest', 'never'];

/** A link is opened in Telegram, so the answer to it comes by another way: ask until it is there. */
export const useWays = (waiting: boolean) =>
  useQuery({
    queryKey: keys.ways,
    queryFn: () => get<NoticeWays>('/api/me/notices'),
    refetchInterval: waiting ? 2000 : false,
  });

export function useWayActs() {
  const client = useQueryClient();
  const problem = useProblemText();
  return useMutation({
    mutationFn: (act: () => Promise<unknown>) => act(),
    onSettled: () => void client.invalidateQueries({ queryKey: keys.ways }),
    onError: (error) => toast(problem(error), { tone: 'error' }),
  });
}

export const wayActs = {
  telegram: () => post<NoticeTarget>('/api/me/notices/telegram'),
  email: (address: string) => post<NoticeTarget>('/api/me/notices/email', { address }),
  prove: (id: string, code: string) => post(`/api/me/notices/${id}/prove`, { code }),
  test: (id: string) => post(`/api/me/notices/${id}/test`),
  drop: (id: string) => remove(`/api/me/notices/${id}`),
  keep: (ways: Pick<NoticeWays, 'quiet' | 'digest_at' | 'rules'>) => put('/api/me/notices', ways),
};

export const pushWorks = () =>
  'serviceWorker' in navigator && 'PushManager' in window && window.isSecureContext;

const bytesOf = (key: string) => {
  const text = atob(key.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
};

const browserName = () => {
  const agent = navigator.userAgent;
  const name = /Firefox/.test(agent)
    ? 'Firefox'
    : /Edg\//.test(agent)
      ? 'Edge'
      : /Chrome/.test(agent)
        ? 'Chrome'
        : 'Safari';
  const on = /Android/.test(agent)
    ? 'Android'
    : /iPhone|iPad/.test(agent)
      ? 'iOS'
      : /Mac/.test(agent)
        ? 'macOS'
        : /Windows/.test(agent)
          ? 'Windows'
          : 'Linux';
  return `${name}, ${on}`;
};

/** Asks for the permission, which a browser grants only after a press of a button. False: it was refused. */
export async function subscribe(key: string): Promise<boolean> {
  if ((await Notification.requestPermission()) !== 'granted') return false;
  const worker = await navigator.serviceWorker.register('/sw.js');
  const subscription = await worker.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytesOf(key),
  });
  await post('/api/me/notices/push', { subscription: subscription.toJSON(), label: browserName() });
  return true;
}
