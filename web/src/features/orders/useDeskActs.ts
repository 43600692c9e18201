import { useState } from 'react';
import { useWords } from '../../base/words';
import { post } from '../../api/client';
import type { BulkAction, BulkReply, HubStatus, OrderAction, OrderTaken, QueueRow } from '../../api/types';
import { serverClock } from '../../base/clock';
import { formatNumber, formatTime } from '../../base/format';
import { useOrderActions } from '../../base/orderActions';
import { othersAt } from '../../base/presence';
import { putRows, type StableRows } from '../../base/rows';
import { useMay, useSession, useShop } from '../../base/shop';
import { closeToast, toast } from '../../base/toasts';
import type { DeskDialog, DeskDialogKind } from './DeskDialogs';
import { bulkMax, idsOf } from './query';
import { dropNotes, noteRefusals } from './rowNotes';
import type { Selection } from '../../base/selection';

/* What most people do next with an order of a status: the first button of the bar. */
const forward: Partial<Record<HubStatus, OrderAction>> = {
  new: 'confirm',
  confirmed: 'assemble',
  assembling: 'ready',
  ready_to_ship: 'hand_over',
};

interface Desk {
  query: string;
  grouped: boolean;
  stable: StableRows;
  selection: Selection;
  focusRow: QueueRow | null;
  knownIn: (zone: string) => number | undefined;
  focus: (id: string) => void;
  /** An order that the list may not hold. */
  onFar: (id: string) => void;
}

/** What people do on the desk: to the row under the hand, or to all that are selected. */
export function useDeskActs({ query, grouped, stable, selection, focusRow, knownIn, focus, onFar }: Desk) {
  const { t } = useWords();
  const may = useMay();
  const session = useSession();
  const shop = useShop();
  const actions = useOrderActions();
  const [dialog, setDialog] = useState<DeskDialog | null>(null);
  const { rows, gone, zoneOf } = stable;
  const firstPicked = selection.count ? rows.find((r) => selection.has(r.id)) : undefined;
  const main = forward[firstPicked?.status ?? 'new'] ?? 'confirm';
  const works = () => may('orders.work') && serverClock.lostAt() === null;

  /** Whoever has it open right now is named: two people on one order should talk. */
  const nameOthers = (list: QueueRow[]) => {
    const open = list.flatMap((r) => othersAt(r.id, session.user.id).map((p) => ({ row: r, p })));
    const first = open[0];
    if (!first) return;
    const words = {
      name: first.p.name,
      time: formatTime(first.p.since, shop.time_zone),
      number: formatNumber(first.row.number),
    };
    toast(t('presence.also', words));
  };

  const finish = (reply: BulkReply | null) => {
    if (!reply) return;
    // Those that were refused stay selected with their reason; none is lost silently.
    const first = reply.refused[0];
    if (first) {
      noteRefusals(reply.refused);
      selection.only(reply.refused.map((r) => r.id));
      focus(first.id);
    } else {
      dropNotes();
      selection.clear();
    }
  };
  const runAll = async (action: BulkAction) => {
    nameOthers(rows.filter((r) => selection.has(r.id)));
    finish(await actions.bulk(action, selection.picked));
  };
  const run = async (action: BulkAction) => {
    if (!works()) return;
    if (selection.count > 0) {
      if (action === main) return runAll(action);
      const dry = await actions.tryBulk(action, selection.picked).catch(() => null);
      if (dry?.refused.length) return setDialog({ kind: 'refused', action });
      return runAll(action);
    }
    if (!focusRow || action === 'assign') return;
    const rest = rows.slice(rows.indexOf(focusRow) + 1);
    const next = rest.find((r) => r.status === focusRow.status && !gone.has(r.id));
    nameOthers([focusRow]);
    // The hand goes on at once: a second press means the next order, not the same one again.
    if (next) focus(next.id);
    await actions.act(focusRow, action);
  };

  const selectGroup = async (zone: string, on = true) => {
    const loaded = rows.filter((r) => zoneOf(r) === zone && !gone.has(r.id)).map((r) => r.id);
    const known = knownIn(zone) ?? loaded.length;
    try {
      const ids = loaded.length < known && grouped ? await idsOf(query, zone) : loaded;
      if (on && ids.length === bulkMax && known > bulkMax) toast(t('orders.first_only', { count: bulkMax }));
      if (on) selection.add(ids);
      else selection.drop(ids);
    } catch (error) {
      actions.fail(error);
    }
  };

  const takeNext = async () => {
    if (!works()) return;
    try {
      const { order } = await post<OrderTaken>('/api/queue/next', { query });
      if (!order) return void toast(t('next.none'));
      putRows([order]);
      actions.refresh();
      if (rows.some((r) => r.id === order.id)) focus(order.id);
      else onFar(order.id);
      const id = toast(t('next.taken', { number: formatNumber(order.number) }), {
        action: {
          label: t('do.undo'),
          testid: 'undo',
          run: () => {
            closeToast(id);
            void actions.assign(order.id, null);
          },
        },
      });
    } catch (error) {
      actions.fail(error);
    }
  };

  const ask = (kind: DeskDialogKind) => {
    if (kind === 'hold' && !works()) return;
    const right = kind === 'cancel' ? 'orders.cancel' : kind === 'labels' ? 'picking' : 'orders.work';
    if (may(right) && (selection.count > 0 || focusRow)) setDialog({ kind });
  };
  return {
    main,
    run,
    runAll,
    finish,
    selectGroup,
    takeNext,
    ask,
    dialog,
    closeDialog: () => setDialog(null),
  };
}
