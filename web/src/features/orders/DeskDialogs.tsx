import type { BulkAction, BulkReply, QueueRow } from '../../api/types';
import { useOrderActions } from '../../base/orderActions';
import { AssignDialog } from './AssignDialog';
import { CancelDialog } from './CancelDialog';
import { RefusedDialog } from './RefusedDialog';
import type { Selection } from './selection';

export type DeskDialog = { kind: 'assign' | 'cancel' } | { kind: 'refused'; action: BulkAction };

interface Props {
  dialog: DeskDialog | null;
  row: QueueRow | null;
  selection: Selection;
  onClose: () => void;
  onDone: (reply: BulkReply | null) => void;
}

export function DeskDialogs({ dialog, row, selection, onClose, onDone }: Props) {
  const { assign, bulk } = useOrderActions();
  if (dialog?.kind === 'cancel' && row) return <CancelDialog row={row} onClose={onClose} />;
  if (dialog?.kind === 'assign') {
    const choose = async (to: string | null) => {
      onClose();
      if (selection.count > 0) onDone(await bulk('assign', selection.picked, { assignee_id: to }));
      else if (row) await assign(row.id, to);
    };
    return <AssignDialog onClose={onClose} onChoose={(to) => void choose(to)} />;
  }
  if (dialog?.kind === 'refused') {
    const run = async () => {
      onClose();
      onDone(await bulk(dialog.action, selection.picked));
    };
    return (
      <RefusedDialog
        action={dialog.action}
        picked={selection.picked}
        onClose={onClose}
        onRun={() => void run()}
      />
    );
  }
  return null;
}
