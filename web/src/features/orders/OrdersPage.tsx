import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { IconDownload } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BulkAction, HubStatus, OrderAction, QueueRow, View } from '../../api/types';
import { serverClock } from '../../base/clock';
import { useOrderActions } from '../../base/orderActions';
import { useStableRows } from '../../base/rows';
import { useMay, useSession } from '../../base/shop';
import { Bones, Empty, ErrorState, Kbd } from '../../ui/bits';
import { lagOf } from '../../ui/channel';
import { DataGrid, type GridHandle } from '../../ui/DataGrid';
import { BulkBar } from './BulkBar';
import { DeskDialogs, type DeskDialog } from './DeskDialogs';
import { inOrder } from './columnChoice';
import { CompactRow, useOrderColumns } from './columns';
import { FilterBar } from './FilterBar';
import { RowCheck, useGroups, ViewCheck } from './groups';
import { Peek } from './Peek';
import {
  effective,
  idsOf,
  isChanged,
  toQuery,
  toSearch,
  useAccounts,
  useCounts,
  useQueue,
  useViews,
  type Filters,
} from './query';
import { useSelection } from './selection';
import { useDeskKeys } from './useDeskKeys';
import { useColumnChoice } from './useColumnChoice';
import { ViewTabs } from './ViewTabs';
import { sortViews, viewRef } from './views';
import './orders.css';

/* What most people do next with an order of a status: the first button of the bar. */
const forward: Partial<Record<HubStatus, OrderAction>> = {
  new: 'confirm',
  confirmed: 'assemble',
  assembling: 'ready',
  ready_to_ship: 'hand_over',
};
const heights = { compact: 36, normal: 40, roomy: 52 };
export default function OrdersPage() {
  const { t } = useTranslation();
  const session = useSession();
  const may = useMay();
  const search = useSearch({ strict: false }) as Record<string, string | undefined>;
  const navigate = useNavigate();
  const phone = useMediaQuery('(max-width: 767px)') ?? false;
  const actions = useOrderActions();

  const views = useViews();
  const list = useMemo(() => sortViews(views.data ?? []), [views.data]);
  const bare = !search.view && isChanged(search);
  const view = bare
    ? undefined
    : (list.find((v) => v.key === search.view || v.id === search.view) ?? list[0]);
  const filters = useMemo(() => effective(view, search), [view, search]);
  const own = useMemo(() => effective(view, {}), [view]);
  const query = toQuery(filters);
  const queue = useQueue(query, search.sort);
  const counts = useCounts(query);
  const accounts = useAccounts();

  const [hovering, setHovering] = useState(false);
  const total = counts.data?.total.count ?? -1;
  const selection = useSelection(query, total);
  const stable = useStableRows(
    queue.rows,
    queue.key,
    hovering || selection.count > 0,
    !queue.list.hasNextPage,
  );
  const { rows, gone } = stable;

  const [focused, setFocused] = useState<string | null>(search.row ?? null);
  const focusId = rows.some((r) => r.id === focused) ? focused : (rows[0]?.id ?? null);
  const focusRow = rows.find((r) => r.id === focusId) ?? null;
  const peek = search.peek === '1' && focusRow !== null && !phone;
  const grid = useRef<GridHandle>(null);
  const searchField = useRef<HTMLInputElement>(null);

  const put = useCallback(
    (change: Record<string, string | undefined>, replace = true) =>
      void navigate({
        to: '/orders',
        search: (old: Record<string, string | undefined>) => ({ ...old, ...change }),
        replace,
      }),
    [navigate],
  );
  // The focused row belongs to the address, so that Back returns to it; written when the hand rests.
  useEffect(() => {
    if (!focused) return;
    const timer = setTimeout(() => put({ row: focused }), 400);
    return () => clearTimeout(timer);
  }, [focused, put]);
  useEffect(() => {
    // Rows may come while somebody types in the palette or the search field: the hand keeps what it has.
    const busy =
      document.querySelector('[aria-modal="true"]') ?? document.activeElement?.matches('input, textarea');
    if (!busy) grid.current?.focus();
    if (focused) grid.current?.show(focused);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once, when the first rows are there
  }, [rows.length > 0]);

  const focus = useCallback((id: string) => {
    setFocused(id);
    grid.current?.show(id);
  }, []);
  const chooseView = (v: View) => {
    setFocused(null);
    void navigate({ to: '/orders', search: { view: viewRef(v) } });
  };
  const change = (next: Filters) => put(toSearch(view, next));
  const open = useCallback(
    (row: QueueRow) => {
      put({ row: row.id });
      void navigate({ to: '/orders/$id', params: { id: row.id } });
    },
    [navigate, put],
  );

  const [dialog, setDialog] = useState<DeskDialog | null>(null);
  const step = useCallback(
    (by: number): string | null => {
      const i = rows.findIndex((r) => r.id === focusId);
      return rows[Math.max(0, Math.min(rows.length - 1, i + by))]?.id ?? null;
    },
    [rows, focusId],
  );

  const finish = (reply: Awaited<ReturnType<typeof actions.bulk>>) => {
    if (!reply) return;
    // Those that were refused stay selected with their reason; none is lost silently.
    if (reply.refused.length) selection.only(reply.refused.map((r) => r.id));
    else selection.clear();
  };
  const run = async (action: BulkAction) => {
    if (!may('orders.work') || serverClock.lostAt() !== null) return;
    if (selection.count > 0) {
      if (action === mainAction) return finish(await actions.bulk(action, selection.picked));
      const dry = await actions.tryBulk(action, selection.picked).catch(() => null);
      if (dry?.refused.length) return setDialog({ kind: 'refused', action });
      return finish(await actions.bulk(action, selection.picked));
    }
    if (!focusRow || action === 'assign') return;
    const rest = rows.slice(rows.indexOf(focusRow) + 1);
    const next = rest.find((r) => r.status === focusRow.status && !gone.has(r.id));
    // The hand goes on at once: a second press means the next order, not the same one again.
    if (next) focus(next.id);
    await actions.act(focusRow, action);
  };
  const selectGroup = async (zone: string, on = true) => {
    const loaded = rows.filter((r) => stable.zoneOf(r) === zone && !gone.has(r.id)).map((r) => r.id);
    const known = counts.data?.zones[zone as QueueRow['zone']]?.count ?? loaded.length;
    const ids = loaded.length < known && !search.sort ? await idsOf(query, zone) : loaded;
    if (on) selection.add(ids);
    else selection.drop(ids);
  };

  const askTag = () => {
    if (may('orders.work') && (selection.count > 0 || focusRow)) setDialog({ kind: 'tag' });
  };

  useDeskKeys({
    rows,
    focusId,
    focusRow,
    step,
    focus,
    selection,
    peek,
    views: list,
    onPeek: (openPeek) => put({ peek: openPeek ? '1' : undefined }),
    onOpen: open,
    onView: chooseView,
    onRun: (action) => void run(action),
    onAssign: () => setDialog({ kind: 'assign' }),
    onTag: askTag,
    onViewMenu: () => setViewMenu(true),
    onCancel: () => focusRow && setDialog({ kind: 'cancel' }),
    onGroup: () => focusRow && void selectGroup(stable.zoneOf(focusRow)),
    onFilter: () => setMore(true),
    onFind: () => searchField.current?.focus(),
    onMerge: stable.merge,
    onNote: () =>
      focusRow && void navigate({ to: '/orders/$id', params: { id: focusRow.id }, search: { note: '1' } }),
  });

  const firstPicked = rows.find((r) => selection.has(r.id));
  const mainAction = forward[firstPicked?.status ?? 'new'] ?? 'confirm';
  const [more, setMore] = useState(false);
  const [viewMenu, setViewMenu] = useState(false);
  const [choice, setChoice] = useColumnChoice(view ? viewRef(view) : 'all');
  const { hidden } = choice;
  const everyColumn = useOrderColumns();
  const columns = useMemo(() => inOrder(everyColumn, choice), [everyColumn, choice]);
  const groups = useGroups({
    counts: counts.data,
    rows,
    zoneOf: stable.zoneOf,
    selection,
    onGroup: selectGroup,
  });
  const late = useMemo(
    () =>
      new Set(
        accounts.data
          ?.filter((a) => a.state !== 'paused' && (lagOf(a, serverClock.now()) ?? 0) > 300)
          .map((a) => a.id),
      ),
    [accounts.data],
  );
  // Short lists are read to their end, so that whatever comes in is seen as new.
  const eager =
    queue.list.hasNextPage && !queue.list.isFetching && rows.length < 300 && total > 0 && total <= 400;
  const { fetchNextPage } = queue.list;
  useEffect(() => {
    if (eager) void fetchNextPage();
  }, [eager, fetchNextPage]);
  const fetchMore =
    queue.list.hasNextPage && !queue.list.isFetchingNextPage
      ? () => void queue.list.fetchNextPage()
      : undefined;

  return (
    <div className="orders" data-peek={peek || undefined}>
      <div className="orders-main">
        <div className="page-head">
          <h1 className="grow">{t('nav.orders')}</h1>
          {may('export') && (
            <Button
              component="a"
              href={`/api/export/orders?format=xlsx&${query}`}
              variant="subtle"
              leftSection={<IconDownload size={16} stroke={1.75} />}
              className="orders-export"
            >
              {t('orders.export')}
            </Button>
          )}
        </div>
        <ViewTabs
          views={list}
          current={view}
          changed={isChanged(search)}
          query={query}
          menu={viewMenu}
          onMenu={setViewMenu}
          onChoose={chooseView}
          onReset={() =>
            put(
              Object.fromEntries(
                Object.keys(search)
                  .filter((k) => k !== 'view')
                  .map((k) => [k, undefined]),
              ),
            )
          }
        />
        <FilterBar
          shownAs={own}
          filters={filters}
          onChange={change}
          sort={search.sort}
          onSort={(sort) => put({ sort })}
          columns={choice}
          onColumns={setChoice}
          more={more}
          onMore={setMore}
          searchRef={searchField}
        />
        <div className="orders-grid">
          {(stable.waiting > 0 || (gone.size > 0 && hovering && !stable.busy)) && (
            <button type="button" className="updates" data-testid="updates" onClick={stable.merge}>
              {stable.waiting > 0
                ? t('orders.waiting', { count: stable.waiting })
                : t('orders.gone', { count: gone.size })}{' '}
              <Kbd>U</Kbd>
            </button>
          )}
          {queue.list.error && !rows.length ? (
            <ErrorState error={queue.list.error} retry={() => void queue.list.refetch()} />
          ) : queue.list.isLoading || (!rows.length && views.isLoading) ? (
            <div className="orders-bones">
              <Bones lines={12} height={24} />
            </div>
          ) : rows.length === 0 ? (
            <Empty text={isChanged(search) ? t('orders.nothing') : t('orders.empty')}>
              {isChanged(search) && <Button onClick={() => view && chooseView(view)}>{t('do.reset')}</Button>}
            </Empty>
          ) : (
            <DataGrid
              ref={grid}
              label={t('nav.orders')}
              rows={rows}
              columns={columns}
              hidden={peek ? { ...hidden, goods: true, placed: true } : hidden}
              groupOf={search.sort ? undefined : stable.zoneOf}
              groups={groups}
              rowHeight={heights[session.user.density]}
              total={total}
              focusId={focusId}
              onFocusRow={setFocused}
              onOpen={open}
              isSelected={selection.has}
              rowState={(r) => (gone.has(r.id) ? 'gone' : late.has(r.account_id) ? 'late' : undefined)}
              lead={(r) => <RowCheck row={r} selection={selection} />}
              leadHead={<ViewCheck selection={selection} total={total} />}
              compact={phone ? (r) => <CompactRow row={r} /> : null}
              onEnd={fetchMore}
              onHold={setHovering}
            />
          )}
        </div>
      </div>
      {peek && focusRow && (
        <Peek
          row={focusRow}
          onClose={() => put({ peek: undefined })}
          onOpen={() => open(focusRow)}
          onRun={(a) => void run(a)}
        />
      )}
      {selection.count > 0 && (
        <BulkBar
          main={mainAction}
          picked={selection.picked}
          count={selection.count}
          onRun={(a) => void run(a)}
          onAssign={() => setDialog({ kind: 'assign' })}
          onTag={askTag}
          onClear={selection.clear}
        />
      )}
      <DeskDialogs
        dialog={dialog}
        row={focusRow}
        rows={rows}
        selection={selection}
        onClose={() => setDialog(null)}
        onDone={finish}
      />
    </div>
  );
}
