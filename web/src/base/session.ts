import { useMutation, useQueryClient } from '@tanstack/react-query';
import { patch } from '../api/client';
import { keys } from '../api/keys';
import type { Session } from '../api/types';
import { useProblemText } from './problem';
import { toast } from './toasts';

type Change = Partial<
  Pick<Session['user'], 'language' | 'theme' | 'density' | 'hold_s' | 'keys_off' | 'keys' | 'time_zone'>
> & {
  old_password?: string;
  new_password?: string;
};

/** One's own preferences: shown at once, kept by the server. */
export function useSaveSession() {
  const client = useQueryClient();
  const text = useProblemText();
  return useMutation({
    mutationFn: (change: Change) => patch<Session>('/api/session', change),
    onMutate: (change) => {
      const before = client.getQueryData<Session>(keys.session);
      const { old_password, new_password, ...shown } = change;
      void [old_password, new_password];
      if (before) client.setQueryData(keys.session, { ...before, user: { ...before.user, ...shown } });
      return { before };
    },
    onSuccess: (session) => client.setQueryData(keys.session, session),
    onError: (error, _change, kept) => {
      if (kept?.before) client.setQueryData(keys.session, kept.before);
      toast(text(error), { tone: 'error' });
    },
  });
}
