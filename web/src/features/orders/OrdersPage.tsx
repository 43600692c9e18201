import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Link, useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { IconDownload, IconLayoutKanban, IconPlayerTrackNext } from '@tabler/icons-react';
import { Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useWords } from '../../base/words';
import type { QueueRow, View, Zone } from '../../api/types';
import { formatTime } from '../../base/format';
import { lazyIdle } from '../../base/lazyIdle';
import { useStableRows } from '../../base/rows';
import { useMay, useSession, useShop } from '../../base/shop';
import { Bones, ErrorState, Kbd } from '../../ui/bits';
import { DataGrid, type GridHandle } from '../../ui/DataGrid';
import { resizeColumn } from './columnChoice';
import { CompactRow, useOrderColumns } from './columns';
import { DeskEmpty } from './DeskEmpty';
import { FilterBar } from './FilterBar';
import { useLate } from './Fresh';
import { GroupHead, ViewCheck, zones } from './groups';
import {
  asksBare,
  asksClosed,
  effective,
  isChanged,
  sortViews,
  toQuery,
  toSearch,
  viewOf,
  viewRef,
  type Filters,
} from './address';
import { useCounts, useFarRow, useQueue, useViews } from './query';
import { useSelection } from '../../base/selection';
import { useBack } from './useBack';
import { useColumnChoice } from './useColumnChoice';
import { OnlyBar, useOnly } from './Only';
import { useDeskActs } from './useDeskActs';
import { useDeskKeys } from './useDeskKeys';
import { ViewTabs } from './ViewTabs';
import '../../ui/desk.css';
import './orders.css';

const BulkBar = lazyIdle(() => import('./BulkBar'));
const DeskDialogs = lazyIdle(() => import('./DeskDialogs'));
const Peek = lazyIdle(() => import('./Peek'));

const heights = { compact: 36, normal: 40, roomy: 52 };
const compactRow = (row: QueueRow) => <CompactRow row={row} />;

export default function OrdersPage() {
  const { t } = useWords();
  const session = useSession();
  const shop = useShop();
  const may = useMay();
  const search = useSearch({ strict: false }) as Record<string, string | undefined>;
  const navigate = useNavigate();
  const router = useRouter();
  const phone = useMediaQuery('(max-width: 767px)', false, { getInitialValueInEffect: false });

  const views = useViews();
  const list = useMemo(() => sortViews(views.data ?? []), [views.data]);
  const view = viewOf(list, search);
  const asked = effective(view, search);
  const query = toQuery(asked);
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the same filters stay the same object while rows are walked
  const filters = useMemo(() => asked, [query]);
  const own = useMemo(() => effective(view, {}), [view]);
  const closedToo = asksClosed(filters);
  const grouped = !search.sort && !closedToo && !search.only;
  // Without its view it is not known what the address asks for.
  const known = view !== undefined || asksBare(search) || !views.isLoading;
  const queue = useQueue(filters, search.sort, known);
  const counts = useCounts(query, known && !closedToo).data;
  const total = closedToo ? -1 : (counts?.total.count ?? -1);

  const [hovering, setHovering] = useState(false);
  const selection = useSelection(query, total, search.only);
  const { hasNextPage, isFetching, isFetchingNextPage, fetchNextPage } = queue.list;
  const stable = useStableRows(queue.rows, queue.key, hovering || selection.count > 0, !hasNextPage);
  const { gone, zoneOf } = stable;
  const rows = useOnly(stable.rows, search.only);

  const [focused, setFocused] = useState<string | null>(search.row ?? null);
  const focusId = rows.some((r) => r.id === focused) ? focused : (rows[0]?.id ?? null);
  const focusRow = rows.find((r) => r.id === focusId) ?? null;
  // The address may name an order that the list has not read so far down.
  const farRow = useFarRow(search.row, search.row === focused && rows.length > 0 && focusId !== focused);
  const [peek, setPeek] = useState(search.peek);
  const [peekAsked, setPeekAsked] = useState(search.peek);
  if (peekAsked !== search.peek) {
    setPeekAsked(search.peek);
    setPeek(search.peek);
  }
  const peekRow = peek === '1' && !phone ? (farRow ?? focusRow) : null;
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
  // The focused row and its peek belong to the address, so that Back returns to them; written when the hand rests.
  useEffect(() => {
    if (!focused && peek === search.peek) return;
    const timer = setTimeout(() => {
      // Whoever is on the way to another screen is not called back.
      if (router.latestLocation.pathname === '/orders') put({ row: focused ?? search.row, peek });
    }, 400);
    return () => clearTimeout(timer);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- what the address says is written by this or followed above
  }, [focused, peek, put]);
  useEffect(() => {
    // In the next frame: asked now, the browser would have to lay out all rows before the first key is heard.
    const frame = requestAnimationFrame(() => {
      // Rows may come while somebody types in the palette or the search field: the hand keeps what it has.
      const busy =
        document.querySelector('[aria-modal="true"]') ?? document.activeElement?.matches('input, textarea');
      if (!busy) grid.current?.focus();
    });
    if (focused) grid.current?.show(focused);
    return () => cancelAnimationFrame(frame);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once, when the first rows are there
  }, [rows.length > 0]);
  const [start, remember] = useBack(queue.key, search.row !== undefined);

  const focus = useCallback((id: string) => {
    setFocused(id);
    grid.current?.show(id);
  }, []);
  const chooseView = useCallback(
    (v: View) => {
      setFocused(null);
      setPeek(undefined);
      void navigate({ to: '/orders', search: { view: viewRef(v) } });
    },
    [navigate],
  );
  const change = useCallback((next: Filters) => put(toSearch(view, next)), [put, view]);
  const reset = useCallback(
    () =>
      void navigate({
        to: '/orders',
        search: (old: Record<string, string | undefined>) => ({ view: old.view }),
        replace: true,
      }),
    [navigate],
  );
  const sortBy = useCallback((sort: string | undefined) => put({ sort }), [put]);
  const open = useCallback(
    (row: QueueRow) => {
      put({ row: row.id, peek });
      void navigate({ to: '/orders/$id', params: { id: row.id } });
    },
    [navigate, put, peek],
  );
  const step = (by: number): string | null => {
    const i = rows.findIndex((r) => r.id === focusId);
    return rows[Math.max(0, Math.min(rows.length - 1, i + by))]?.id ?? null;
  };

  const acts = useDeskActs({
    query,
    grouped,
    stable,
    selection,
    focusRow,
    knownIn: (zone) => counts?.zones[zone as Zone].count,
    focus,
    onFar: (id) => {
      setFocused(id);
      put({ row: id, peek: '1' });
    },
  });
  const [more, setMore] = useState(false);
  const [viewMenu, setViewMenu] = useState(false);
  useDeskKeys({
    rows,
    focusId,
    focusRow,
    step,
    focus,
    selection,
    peek: peekRow !== null,
    views: list,
    onPeek: (openPeek) => setPeek(openPeek ? '1' : undefined),
    onOpen: open,
    onView: chooseView,
    onRun: (action) => void acts.run(action),
    onAsk: acts.ask,
    onNext: () => void acts.takeNext(),
    onViewMenu: () => setViewMenu(true),
    onGroup: () => focusRow && void acts.selectGroup(zoneOf(focusRow)),
    onFilter: () => setMore(true),
    onFind: () => searchField.current?.focus(),
    onMerge: () => {
      stable.merge();
      void queue.list.refetch();
    },
    onNote: () =>
      focusRow && void navigate({ to: '/orders/$id', params: { id: focusRow.id }, search: { note: '1' } }),
  });

  const [choice, setChoice] = useColumnChoice(view ? viewRef(view) : 'all');
  const columns = useOrderColumns(choice);
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const groups = useMemo(() => zones.map((key) => ({ key, closed: folded.has(key) })), [folded]);
  const byZone = useMemo(() => Object.groupBy(rows, zoneOf), [rows, zoneOf]);
  const tags = useMemo(() => [...new Set(rows.flatMap((r) => r.tags))].toSorted(), [rows]);
  const tagKey = tags.join();
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the same tags stay the same list
  const sameTags = useMemo(() => tags, [tagKey]);
  const late = useLate();

  // Short lists are read to their end, so that whatever comes in is seen as new.
  const eager = hasNextPage && !isFetching && stable.rows.length < 300 && total > 0 && total <= 400;
  useEffect(() => {
    if (eager) void fetchNextPage();
  }, [eager, fetchNextPage]);
  const fetchMore = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const label = (row: QueueRow) => t('orders.select', { number: row.number });
  const toggle = (row: QueueRow, extend: boolean) => {
    if (!extend || !focusId) selection.toggle(row.id);
    else {
      const ends = [focusId, row.id]
        .map((id) => rows.findIndex((r) => r.id === id))
        .toSorted((a, b) => a - b);
      selection.add(rows.slice(ends[0], (ends[1] ?? 0) + 1).map((r) => r.id));
    }
    setFocused(row.id);
  };

  return (
    <div className="desk">
      <div className="page-head">
        <h1 className="grow">{t('nav.orders')}</h1>
        {may('orders.work') && (
          <Button
            variant="subtle"
            leftSection={<IconPlayerTrackNext size={16} stroke={1.75} />}
            rightSection={<Kbd>Shift A</Kbd>}
            className="orders-next"
            onClick={() => void acts.takeNext()}
          >
            {t('next.take')}
          </Button>
        )}
        <Button
          component={Link}
          to="/orders/board"
          variant="subtle"
          leftSection={<IconLayoutKanban size={16} stroke={1.75} />}
          className="orders-export orders-head-icon"
        >
          {t('nav.board')}
        </Button>
        {may('export') && (
          <Button
            component="a"
            href={`/api/export/orders?format=xlsx&${query}`}
            variant="subtle"
            leftSection={<IconDownload size={16} stroke={1.75} />}
            className="orders-export orders-head-icon"
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
        onReset={reset}
      />
      <FilterBar
        shownAs={own}
        filters={filters}
        onChange={change}
        sort={search.sort}
        onSort={sortBy}
        columns={choice}
        onColumns={setChoice}
        tags={sameTags}
        more={more}
        onMore={setMore}
        searchRef={searchField}
      />
      {search.only && <OnlyBar count={rows.length} onAll={() => put({ only: undefined })} />}
      <div className="desk-body">
        <div className="desk-main">
          <div className="desk-grid">
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
              <div className="desk-bones">
                <Bones lines={12} height={24} />
              </div>
            ) : rows.length === 0 ? (
              <DeskEmpty
                filters={filters}
                own={own}
                changed={isChanged(search)}
                onChange={change}
                onReset={reset}
              />
            ) : (
              <DataGrid
                key={queue.key}
                ref={grid}
                label={t('nav.orders')}
                rows={rows}
                columns={columns}
                narrow={peekRow !== null}
                groupOf={grouped ? zoneOf : undefined}
                groups={groups}
                groupHead={(key) => (
                  <GroupHead
                    zone={key as Zone}
                    counts={counts}
                    list={byZone[key] ?? []}
                    selection={selection}
                    closed={folded.has(key)}
                    onFold={() =>
                      setFolded(
                        (old) => new Set(old.has(key) ? [...old].filter((k) => k !== key) : [...old, key]),
                      )
                    }
                    onGroup={(zone, on) => void acts.selectGroup(zone, on)}
                  />
                )}
                rowHeight={heights[session.user.density]}
                total={search.only ? rows.length : total}
                focusId={focusId}
                onFocusRow={setFocused}
                onOpen={open}
                selection={{
                  has: selection.has,
                  toggle,
                  label,
                  head: <ViewCheck selection={selection} total={search.only ? rows.length : total} />,
                }}
                rowState={(r) => (gone.has(r.id) ? 'gone' : late.has(r.account_id) ? 'late' : undefined)}
                rowTitle={(r) => {
                  const at = late.get(r.account_id);
                  return at ? t('orders.data_at', { time: formatTime(at, shop.time_zone) }) : undefined;
                }}
                compact={phone ? compactRow : null}
                onResize={(id, width) => setChoice(resizeColumn(choice, id, width))}
                onEnd={hasNextPage && !isFetchingNextPage ? fetchMore : undefined}
                onHold={setHovering}
                scrollStart={start}
                onScrollEnd={remember}
              />
            )}
          </div>
          <Suspense>
            {selection.count > 0 && (
              <BulkBar
                main={acts.main}
                picked={selection.picked}
                count={selection.count}
                onRun={(a) => void acts.run(a)}
                onDialog={acts.ask}
                onClear={selection.clear}
              />
            )}
          </Suspense>
        </div>
        <Suspense>
          {peekRow && (
            <Peek
              row={peekRow}
              onClose={() => setPeek(undefined)}
              onOpen={() => open(peekRow)}
              onRun={(a) => void acts.run(a)}
            />
          )}
        </Suspense>
      </div>
      <Suspense>
        {acts.dialog && (
          <DeskDialogs
            dialog={acts.dialog}
            row={focusRow}
            rows={rows}
            selection={selection}
            onClose={acts.closeDialog}
            onRun={(a) => void acts.run(a)}
            onRunAll={(a) => void acts.runAll(a)}
            onDone={acts.finish}
          />
        )}
      </Suspense>
    </div>
  );
}
