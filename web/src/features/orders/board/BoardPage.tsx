import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { IconList } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardColumn, HubStatus, QueueRow } from '../../../api/types';
import { serverClock } from '../../../base/clock';
import { formatCount, formatNumber } from '../../../base/format';
import { useOrderActions } from '../../../base/orderActions';
import { useNewest } from '../../../base/rows';
import { toast } from '../../../base/toasts';
import { Bones, ErrorState, Kbd, useLang } from '../../../ui/bits';
import { CancelDialog } from '../CancelDialog';
import { HandOverDialog } from '../HandOverDialog';
import { effective, toQuery, type FilterName } from '../address';
import { BoardFilters } from './BoardFilters';
import { Column, type ColumnHandle } from './Column';
import { LimitDialog } from './LimitDialog';
import { MoveMenu } from './MoveMenu';
import { joinPages, targetOf, type Target } from './moves';
import { useBoard, useLimits, useTimes } from './useBoard';
import { useBoardKeys } from './useBoardKeys';
import { useDrag } from './useDrag';
import { useBoardWords } from './words';
import './board.css';

type Dialog =
  | { kind: 'menu'; cards: QueueRow[] }
  | { kind: 'cancel' | 'hand_over'; row: QueueRow }
  | { kind: 'limit'; column: BoardColumn }
  | null;
const none: ReadonlySet<string> = new Set();

/** Where do orders pile up? Cards move by the state machine: by hand, or by S. */
export default function BoardPage() {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useBoardWords();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as Record<string, string | undefined>;
  const phone = useMediaQuery('(max-width: 767px)') ?? false;
  const filters = useMemo(() => effective(undefined, search), [search]);
  const query = toQuery(filters);
  const { board, later, more, reading } = useBoard(query);
  const times = useTimes();
  const saveLimit = useLimits(board.data);
  const newest = useNewest();
  const { act, bulk } = useOrderActions();
  const handles = useRef(new Map<HubStatus, ColumnHandle>());
  const searchField = useRef<HTMLInputElement>(null);

  const moves = useMemo(() => board.data?.moves ?? [], [board.data]);
  const columns = useMemo(
    // Parcels on their way back are rare: their column is there when it has cards.
    () => board.data?.columns.filter((c) => c.status !== 'returning' || c.count > 0) ?? [],
    [board.data],
  );
  const order = columns.map((c) => c.status);
  const [at, setAt] = useState<{ column: HubStatus; id: string | null }>({ column: 'new', id: null });
  const [selected, setSelected] = useState<ReadonlySet<string>>(none);
  const [mine, setMine] = useState<ReadonlySet<string>>(none);
  const [dialog, setDialog] = useState<Dialog>(null);
  const [said, setSaid] = useState('');

  const rowsOf = useCallback(
    (column: BoardColumn) => joinPages(column.items, later[column.status]?.rows ?? []),
    [later],
  );
  const known = useMemo(() => {
    const all = new Map<string, QueueRow>();
    for (const column of columns)
      for (const row of rowsOf(column)) all.set(row.id, newest.get(row.id) ?? row);
    return all;
  }, [columns, rowsOf, newest]);
  const cardsOf = useCallback(
    (ids: Iterable<string>) => [...ids].flatMap((id) => known.get(id) ?? []),
    [known],
  );
  const focusId = at.id ?? handles.current.get(at.column)?.rows()[0]?.id ?? columns[0]?.items[0]?.id ?? null;
  const inHand = useCallback(
    () => cardsOf(selected.size ? selected : focusId ? [focusId] : []),
    [cardsOf, selected, focusId],
  );

  const carry = async (target: Target, cards: QueueRow[]) => {
    const one = cards.length === 1 ? cards[0] : undefined;
    if (target.why || !target.move?.action || serverClock.lostAt() !== null) {
      if (target.why) {
        setSaid(words.say(target, cards));
        toast(words.say(target, cards), { tone: 'error' });
      }
      return;
    }
    const action = target.move.action;
    if (one && action === 'cancel') return setDialog({ kind: 'cancel', row: one });
    if (one && action === 'hand_over') return setDialog({ kind: 'hand_over', row: one });
    setMine((old) => new Set([...old, ...cards.map((c) => c.id)]));
    setSaid(
      t('board.moved', {
        count: cards.length,
        number: formatNumber(one?.number ?? ''),
        name: words.name(target.to),
      }),
    );
    if (one) return void (await act(one, action));
    const reply = await bulk(action, { ids: cards.map((c) => c.id) });
    setSelected(new Set(reply?.refused.map((r) => r.id) ?? []));
  };
  const onDrop = (ids: string[], to: HubStatus) => {
    const cards = cardsOf(ids);
    if (cards.every((c) => c.status === to)) return;
    void carry(targetOf(moves, cards, to), cards);
  };
  const { drag, begin, ghost, scroller } = useDrag(onDrop);
  const dragged = useMemo(() => new Set(drag?.ids), [drag]);
  const draggedCards = useMemo(() => cardsOf(dragged), [cardsOf, dragged]);
  const targets = useMemo(() => {
    const out = new Map<HubStatus, Target>();
    if (!draggedCards.length) return out;
    for (const status of [...columns.map((c) => c.status), 'cancelled' as const])
      if (!draggedCards.every((c) => c.status === status))
        out.set(status, targetOf(moves, draggedCards, status));
    return out;
  }, [draggedCards, columns, moves]);

  const open = useCallback(
    (row: QueueRow) => void navigate({ to: '/orders/$id', params: { id: row.id } }),
    [navigate],
  );
  const grab = (event: React.PointerEvent, row: QueueRow) =>
    begin(event, selected.has(row.id) ? [...selected] : [row.id]);
  const select = (ids: string[], on: boolean) =>
    setSelected((old) => {
      const next = new Set(old);
      for (const id of ids)
        if (on) next.add(id);
        else next.delete(id);
      return next;
    });
  const pick = (event: React.MouseEvent, row: QueueRow) => {
    setAt({ column: row.status, id: row.id });
    if (event.ctrlKey || event.metaKey || event.shiftKey) select([row.id], !selected.has(row.id));
  };
  // Cards are drawn anew only when they change: what they call stays the same function.
  const latest = useRef({ grab, pick, menu: (row: QueueRow): void => void row });
  useEffect(() => {
    const menu = (row: QueueRow) =>
      setDialog({ kind: 'menu', cards: selected.has(row.id) ? inHand() : [row] });
    latest.current = { grab, pick, menu };
  });
  const onGrab = useCallback((e: React.PointerEvent, row: QueueRow) => latest.current.grab(e, row), []);
  const onPick = useCallback((e: React.MouseEvent, row: QueueRow) => latest.current.pick(e, row), []);
  const onMenu = useCallback((row: QueueRow) => latest.current.menu(row), []);
  const openMenu = () => {
    const cards = inHand();
    if (cards.length) setDialog({ kind: 'menu', cards });
  };
  const to = (status: HubStatus) => {
    const cards = inHand();
    if (cards.length) void carry(targetOf(moves, cards, status), cards);
  };
  useBoardKeys({
    enabled: dialog === null,
    order,
    handles,
    at: { column: at.column, id: focusId },
    onFocus: (column, id) => setAt({ column, id }),
    onSelect: select,
    isSelected: (id) => selected.has(id),
    onMenu: openMenu,
    onOpen: open,
    onConfirm: () => to('confirmed'),
    onCancel: () => to('cancelled'),
    onClear: () => {
      if (!selected.size) return false;
      setSelected(none);
      return true;
    },
    onFind: () => searchField.current?.focus(),
  });

  const setFilter = useCallback(
    (name: FilterName, value: string) =>
      void navigate({
        to: '/orders/board',
        search: (old: Record<string, string | undefined>) => ({ ...old, [name]: value || undefined }),
        replace: true,
      }),
    [navigate],
  );

  if (board.error && !board.data)
    return <ErrorState error={board.error} retry={() => void board.refetch()} />;
  const shownColumns = phone ? columns.filter((c) => c.status === at.column) : columns;
  const cancelTarget = targets.get('cancelled');
  return (
    <div className="column-page board">
      <div className="page-head">
        <h1>{t('nav.board')}</h1>
        <span className="quiet cut">{t('board.question')}</span>
        <Button
          component={Link}
          to="/orders"
          variant="subtle"
          className="end"
          leftSection={<IconList size={16} stroke={1.75} />}
        >
          {t('board.as_list')}
        </Button>
      </div>
      <BoardFilters filters={filters} onChange={setFilter} searchRef={searchField} />
      {phone && (
        <div className="board-tabs" role="group" aria-label={t('board.columns')}>
          {columns.map((c) => (
            <button
              key={c.status}
              type="button"
              aria-pressed={c.status === at.column}
              onClick={() => setAt({ column: c.status, id: null })}
            >
              {words.name(c.status)} <b className="num">{formatCount(c.count, lang)}</b>
            </button>
          ))}
        </div>
      )}
      <div className="board-columns grow-box" ref={scroller} data-dragging={drag !== null || undefined}>
        {!board.data ? (
          <div className="board-bones">
            <Bones lines={10} height={34} />
          </div>
        ) : (
          shownColumns.map((column) => {
            const page = later[column.status];
            const next = page ? page.next : column.next;
            const target = targets.get(column.status) ?? null;
            return (
              <Column
                key={column.status}
                ref={(handle) => {
                  if (handle) handles.current.set(column.status, handle);
                  else handles.current.delete(column.status);
                }}
                column={column}
                rows={rowsOf(column)}
                listKey={`${column.status}|${query}`}
                complete={!next}
                times={times.data}
                mine={mine}
                selected={selected}
                focusId={focusId}
                current={at.column === column.status}
                dragged={dragged}
                target={target}
                saying={target ? words.say(target, draggedCards) : ''}
                over={drag?.over === column.status}
                held={selected.size > 0 || drag !== null || dialog !== null}
                onFocusIn={() => at.column !== column.status && setAt({ column: column.status, id: null })}
                onEnd={next && reading === null ? () => void more(column.status, next) : undefined}
                onLimit={() => setDialog({ kind: 'limit', column })}
                onGrab={onGrab}
                onPick={onPick}
                onOpen={open}
                onMenu={onMenu}
              />
            );
          })
        )}
      </div>
      <div className="board-bottom">
        {cancelTarget ? (
          <div
            className="board-cancel"
            data-column="cancelled"
            data-drop={cancelTarget.why ? 'no' : 'may'}
            data-over={drag?.over === 'cancelled' || undefined}
          >
            {t('action.cancel')} · {words.say(cancelTarget, draggedCards)}
          </div>
        ) : selected.size > 0 ? (
          <div className="row">
            <b className="num">{t('board.selected', { count: selected.size })}</b>
            <Button size="xs" variant="filled" rightSection={<Kbd onInk>S</Kbd>} onClick={openMenu}>
              {t('board.move_button')}
            </Button>
            <Button size="xs" variant="subtle" onClick={() => setSelected(none)}>
              {t('do.reset')}
            </Button>
          </div>
        ) : (
          <span className="board-keys caption">
            <Kbd>S</Kbd> {t('board.key_move')} <Kbd>X</Kbd> {t('board.key_select')} <Kbd>C</Kbd>{' '}
            {t('action.confirm')} <Kbd>Enter</Kbd> {t('board.key_open')}
          </span>
        )}
      </div>
      <div className="sr-only" aria-live="polite" data-testid="board-said">
        {drag?.over && targets.get(drag.over)
          ? `${words.name(drag.over)}: ${words.say(targets.get(drag.over)!, draggedCards)}`
          : said}
      </div>
      {drag && (
        <div ref={ghost} className="board-ghost" aria-hidden>
          {draggedCards.length === 1
            ? formatNumber(draggedCards[0]?.number ?? '')
            : t('count.orders', { count: draggedCards.length })}
        </div>
      )}
      {dialog?.kind === 'menu' && (
        <MoveMenu
          cards={dialog.cards}
          targets={[...order, 'cancelled' as const]
            .filter((s) => dialog.cards.some((c) => c.status !== s))
            .map((s) => targetOf(moves, dialog.cards, s))}
          onChoose={(target) => {
            setDialog(null);
            void carry(target, dialog.cards);
          }}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog?.kind === 'cancel' && <CancelDialog row={dialog.row} onClose={() => setDialog(null)} />}
      {dialog?.kind === 'hand_over' && <HandOverDialog row={dialog.row} onClose={() => setDialog(null)} />}
      {dialog?.kind === 'limit' && (
        <LimitDialog
          column={dialog.column}
          onSave={(limit) => {
            setDialog(null);
            void saveLimit(dialog.column.status, limit);
          }}
          onClose={() => setDialog(null)}
        />
      )}
    </div>
  );
}
