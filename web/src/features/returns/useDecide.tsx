import { useState } from 'react';
import type { ReturnAction, ReturnCard, ReturnRow } from '../../api/types';
import { useReturnActions, type ReturnActBody } from '../../base/returnActions';
import { useOffline } from '../../ui/bits';
import { KeepPartDialog } from './KeepPartDialog';
import { PartialDialog } from './PartialDialog';
import { withLines, withText } from './steps';
import { TextDialog } from './TextDialog';

type Asked = { action: ReturnAction; row: ReturnRow | ReturnCard };

/** Takes a step: at once, or after what must be said or given with it. The dialogs are to be drawn by whoever uses this.
 *  @param onLines where the goods are looked at: on the page of the return. */
export function useDecide(
  onLines: (row: ReturnRow | ReturnCard) => void,
  onDone?: (card: ReturnCard) => void,
) {
  const { act } = useReturnActions();
  const offline = useOffline() !== null;
  const [asked, setAsked] = useState<Asked | null>(null);
  const [busy, setBusy] = useState(false);

  const send = async (row: ReturnRow | ReturnCard, action: ReturnAction, body: ReturnActBody = {}) => {
    if (offline || busy) return false;
    setBusy(true);
    const card = await act(row, action, body);
    setBusy(false);
    if (card) onDone?.(card);
    return card !== null;
  };
  const decide = (row: ReturnRow | ReturnCard, action: ReturnAction) => {
    if (offline) return;
    if (withText[action] || action === 'keep_part' || (action === 'partial' && 'lines' in row))
      setAsked({ action, row });
    else if (withLines.includes(action)) onLines(row);
    else void send(row, action);
  };
  const close = () => setAsked(null);
  const dialog = asked ? (
    asked.action === 'keep_part' ? (
      <KeepPartDialog row={asked.row} onClose={close} onSend={(body) => send(asked.row, 'keep_part', body)} />
    ) : asked.action === 'partial' && 'lines' in asked.row ? (
      <PartialDialog card={asked.row} onClose={close} onSend={(body) => send(asked.row, 'partial', body)} />
    ) : (
      <TextDialog
        row={asked.row}
        action={asked.action}
        onClose={close}
        onSend={(text) => send(asked.row, asked.action, text ? { text } : {})}
      />
    )
  ) : null;
  return { decide, send, busy, offline, dialog };
}
