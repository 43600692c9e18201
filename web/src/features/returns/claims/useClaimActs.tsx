import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, post } from '../../../api/client';
import { keys } from '../../../api/keys';
import type { ClaimAction, ClaimCard } from '../../../api/types';
import { serverClock } from '../../../base/clock';
import { held, type Held } from '../../../base/held';
import { useProblemText } from '../../../base/problem';
import { closeToast, toast } from '../../../base/toasts';
import { useOffline } from '../../../ui/bits';
import { ClaimDialog } from './ClaimDialog';
import { asksOf } from './steps';

export interface ClaimBody {
  text?: string;
  money?: string;
  deadline_at?: string;
}
export interface ClaimEdit {
  text?: string;
  amount?: string;
  deadline_at?: string;
}

/** Steps of a claim: at once, or after what has to be said with them. Nobody outside hears of them, so each can be taken back. */
export function useClaimActs() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const problem = useProblemText();
  const offline = useOffline() !== null;
  const [asked, setAsked] = useState<{ action: ClaimAction; card: ClaimCard } | null>(null);
  const [busy, setBusy] = useState(false);

  const put = useCallback(
    (card: ClaimCard) => {
      client.setQueryData(keys.claim(card.id), card);
      for (const key of [keys.claims, keys.anyReturn]) void client.invalidateQueries({ queryKey: key });
    },
    [client],
  );
  const fail = useCallback(
    (id: string, error: unknown) => {
      // Somebody was quicker: what is true now is shown.
      if (error instanceof ApiError && [409, 412].includes(error.status))
        for (const key of [keys.claims, keys.claim(id)]) void client.invalidateQueries({ queryKey: key });
      toast(problem(error), { tone: 'error' });
    },
    [client, problem],
  );
  const announce = useCallback(
    (card: ClaimCard, text: string) => {
      const until = card.undo_until ? new Date(card.undo_until).getTime() : 0;
      if (until <= serverClock.now()) return void toast(text);
      const group: Held = { tokens: [], until, text, toastId: 0, since: serverClock.now() };
      group.undo = async () => {
        held.set((list) => list.filter((h) => h !== group));
        closeToast(group.toastId);
        try {
          put(await post<ClaimCard>(`/api/claims/${card.id}/undo`, { version: card.version }));
          toast(t('claims.undone'));
        } catch (error) {
          fail(card.id, error);
        }
      };
      group.toastId = toast(text, {
        until,
        action: { label: t('do.undo'), keys: 'Ctrl Z', run: () => void group.undo?.(), testid: 'undo' },
      });
      held.set((list) => [...list.filter((h) => h.until > serverClock.now()), group]);
    },
    [fail, put, t],
  );

  const send = async (card: ClaimCard, action: ClaimAction, body: ClaimBody = {}) => {
    if (offline || busy) return false;
    setBusy(true);
    try {
      const done = await post<ClaimCard>(`/api/claims/${card.id}/act`, {
        action,
        version: card.version,
        ...body,
      });
      put(done);
      announce(done, t(`claim_did.${action}`));
      return true;
    } catch (error) {
      fail(card.id, error);
      return false;
    } finally {
      setBusy(false);
    }
  };
  const edit = async (card: ClaimCard, body: ClaimEdit) => {
    if (offline || busy) return false;
    setBusy(true);
    try {
      put(await post<ClaimCard>(`/api/claims/${card.id}/evidence`, { version: card.version, ...body }));
      toast(t('claims.saved'));
      return true;
    } catch (error) {
      fail(card.id, error);
      return false;
    } finally {
      setBusy(false);
    }
  };
  const act = (card: ClaimCard, action: ClaimAction) => {
    if (offline) return;
    if (asksOf(action, card)) setAsked({ action, card });
    else void send(card, action);
  };
  const dialog = asked ? (
    <ClaimDialog
      card={asked.card}
      action={asked.action}
      onClose={() => setAsked(null)}
      onSend={(body) => send(asked.card, asked.action, body)}
    />
  ) : null;
  return { act, edit, busy, offline, dialog };
}
