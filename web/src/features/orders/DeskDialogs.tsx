import type { BulkAction, BulkReply, QueueRow } from '../../api/types';
import { useOrderActions } from '../../base/orderActions';
import { AssignDialog } from '../../ui/AssignDialog';
import { CancelDialog } from './CancelDialog';
import { CancelManyDialog } from './CancelManyDialog';
import { HoldDialog } from './HoldDialog';
import { LabelsDialog } from './labels/LabelsDialog';
import { RefusedDialog } from './RefusedDialog';
import type { Selection } from '../../base/selection';
import { StatusDialog } from './StatusDialog';
import { TagDialog } from './TagDialog';
import { useTagging } from './useTagging';

/* Only what is not given away yet can be set aside. */
const canWait = (r: QueueRow) => ['new', 'confirmed', 'assembling', 'ready_to_ship'].includes(r.status);

export type DeskDialogKind = 'assign' | 'cancel' | 'tag' | 'status' | 'hold' | 'labels';
export type DeskDialog = { kind: DeskDialogKind } | { kind: 'refused'; action: BulkAction };

interface Props {
  dialog: DeskDialog | null;
  row: QueueRow | null;
  rows: QueueRow[];
  selection: Selection;
  onClose: () => void;
  onRun: (action: BulkAction) => void;
  onRunAll: (action: BulkAction) => void;
  onDone: (reply: BulkReply | null) => void;
}

export default function DeskDialogs(props: Props) {
  const { dialog, row, rows, selection, onClose, onDone } = props;
  const { assign, bulk } = useOrderActions();
  const tag = useTagging();
  if (dialog?.kind === 'hold') {
    const here = selection.count > 0 ? rows.filter((r) => selection.has(r.id)) : row ? [row] : [];
    const early = here.filter(canWait);
    return early.length ? <HoldDialog orders={early} onClose={onClose} onDone={selection.clear} /> : null;
  }
  if (dialog?.kind === 'labels') {
    const picked = selection.count > 0 ? selection.picked : { ids: row ? [row.id] : [] };
    return <LabelsDialog picked={picked} count={Math.max(1, selection.count)} onClose={onClose} />;
  }
  if (dialog?.kind === 'cancel' && selection.count > 0)
    return (
      <CancelManyDialog
        picked={selection.picked}
        count={selection.count}
        seen={rows.filter((r) => selection.has(r.id))}
        onClose={onClose}
        onDone={onDone}
      />
    );
  if (dialog?.kind === 'cancel' && row) return <CancelDialog row={row} onClose={onClose} />;
  if (dialog?.kind === 'status') {
    const picked = selection.count > 0 ? selection.picked : { ids: row ? [row.id] : [] };
    return (
      <StatusDialog
        picked={picked}
        count={Math.max(1, selection.count)}
        onClose={onClose}
        onChoose={(action) => {
          onClose();
          props.onRun(action);
        }}
      />
    );
  }
  if (dialog?.kind === 'assign') {
    const choose = async (to: string | null) => {
      onClose();
      if (selection.count > 0) onDone(await bulk('assign', selection.picked, { assignee_id: to }));
      else if (row) await assign(row.id, to);
    };
    return <AssignDialog onClose={onClose} onChoose={(to) => void choose(to)} />;
  }
  if (dialog?.kind === 'tag') {
    const some = selection.count > 0;
    const here = some ? rows.filter((r) => selection.has(r.id)) : row ? [row] : [];
    const picked = some ? selection.picked : { ids: here.map((r) => r.id) };
    return (
      <TagDialog
        picked={here}
        seen={rows}
        count={some ? selection.count : 1}
        onClose={onClose}
        onChoose={(name, on) => {
          onClose();
          void tag(picked, rows, name, on);
        }}
      />
    );
  }
  if (dialog?.kind === 'refused') {
    return (
      <RefusedDialog
        action={dialog.action}
        picked={selection.picked}
        onClose={onClose}
        onRun={() => {
          onClose();
          props.onRunAll(dialog.action);
        }}
      />
    );
  }
  return null;
}
