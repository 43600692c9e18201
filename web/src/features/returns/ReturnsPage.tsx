import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { IconReportAnalytics } from '@tabler/icons-react';
import { Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReturnRow } from '../../api/types';
import { formatCount } from '../../base/format';
import { lazyIdle } from '../../base/lazyIdle';
import { useSelection } from '../../base/selection';
import { useMay, useSession } from '../../base/shop';
import { Bones, ErrorState, Kbd, Money, useLang } from '../../ui/bits';
import { Check } from '../../ui/Check';
import { DataGrid, type GridHandle } from '../../ui/DataGrid';
import { ReturnButton } from '../../ui/returns/ReturnButton';
import { NoRight } from '../../ui/states';
import { CompactReturn, numberOf, useReturnColumns } from './columns';
import { Hints } from './Hints';
import { ReturnFilters } from './ReturnFilters';
import {
  cardAsked,
  filterNames,
  filtersOf,
  isQueue,
  toQuery,
  useReturnCounts,
  useReturns,
  viewOf,
  type Filters,
  type Search,
  type ViewName,
} from './query';
import { ReturnsEmpty } from './ReturnsEmpty';
import { ReturnTabs } from './ReturnTabs';
import { mainStep, type BulkAsk } from './steps';
import { useDecide } from './useDecide';
import { useReturnKeys } from './useReturnKeys';
import { useSteady } from './useSteady';
import '../../ui/desk.css';
import '../../ui/forms.css';
import './returns.css';

const Peek = lazyIdle(() => import('./ReturnPeek'));
const BulkReturns = lazyIdle(() => import('./BulkReturns'));
/* Two lines in a row, so these are higher than those of the orders. */
const heights = { compact: 44, normal: 50, roomy: 58 };
const compactRow = (row: ReturnRow) => <CompactReturn row={row} />;

export default function ReturnsPage() {
  const may = useMay();
  return may('returns.see') ? <Queue /> : <NoRight />;
}

function Queue() {
  const { t } = useTranslation();
  const lang = useLang();
  const session = useSession();
  const may = useMay();
  const navigate = useNavigate();
  const router = useRouter();
  const search = useSearch({ strict: false }) as Search;
  const phone = useMediaQuery('(max-width: 767px)', false, { getInitialValueInEffect: false });
  const view = viewOf(search);
  const filterKey = filterNames.map((n) => search[n] ?? '').join('|');
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the same filters stay the same object while rows are walked
  const filters = useMemo(() => filtersOf(search), [filterKey]);
  const query = toQuery(view, filters);
  const list = useReturns(query);
  const counted = isQueue(view, filters);
  const counts = useReturnCounts(toQuery('all', filters), isQueue('all', filters)).data;
  const own = useReturnCounts(query, counted).data;
  const fresh = useMemo(() => list.data?.pages.flatMap((p) => p.items), [list.data]);
  const [hovering, setHovering] = useState(false);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const total = counted ? (own?.total.count ?? -1) : hasNextPage ? -1 : (fresh?.length ?? 0);
  const selection = useSelection(query, total);
  const steady = useSteady(fresh, query, hovering || selection.count > 0, !hasNextPage);
  const rows = steady.rows;

  const [focused, setFocused] = useState<string | null>(search.row ?? null);
  const focusId = rows.some((r) => r.id === focused) ? focused : (rows[0]?.id ?? null);
  const focusRow = rows.find((r) => r.id === focusId) ?? null;
  // Where there is room the panel stands open: a row and its decision are two clicks apart.
  const wide = useMediaQuery('(min-width: 1200px)', false, { getInitialValueInEffect: false });
  const [peek, setPeek] = useState(search.peek ? search.peek === '1' : wide);
  const peekRow = peek && !phone ? focusRow : null;
  const grid = useRef<GridHandle>(null);
  const searchField = useRef<HTMLInputElement>(null);
  const card = useQuery({
    ...cardAsked(peekRow?.id ?? ''),
    enabled: peekRow !== null,
    placeholderData: (old) => (old?.id === peekRow?.id ? old : undefined),
  });

  const put = useCallback(
    (change: Search, replace = true) =>
      navigate({
        to: '/returns',
        search: (old: Search) => ({ ...old, ...change }),
        replace,
      }),
    [navigate],
  );
  const peekText = peek === wide ? undefined : peek ? '1' : '0';
  useEffect(() => {
    if (!focused && peekText === search.peek) return;
    const timer = setTimeout(() => {
      // Whoever is on the way to another screen is not called back.
      if (router.latestLocation.pathname === '/returns')
        void put({ row: focused ?? search.row, peek: peekText });
    }, 400);
    return () => clearTimeout(timer);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- what the address says is written by this
  }, [focused, peekText, put]);
  useEffect(() => {
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
  const choose = useCallback(
    (next: ViewName) => {
      setFocused(null);
      void put({ view: next === 'all' ? undefined : next, row: undefined }, false);
    },
    [put],
  );
  const change = useCallback(
    (next: Filters) => {
      setFocused(null);
      void put({ ...Object.fromEntries(filterNames.map((n) => [n, next[n] || undefined])), row: undefined });
    },
    [put],
  );
  const open = useCallback(
    (row: { id: string }) => {
      // The way back leads to this row: it is written down before the list is left.
      void put({ row: row.id, peek: peekText }).then(() =>
        navigate({ to: '/returns/$id', params: { id: row.id } }),
      );
    },
    [navigate, put, peekText],
  );
  const step = (by: number): string | null => {
    const i = rows.findIndex((r) => r.id === focusId);
    return rows[Math.max(0, Math.min(rows.length - 1, i + by))]?.id ?? null;
  };
  const { decide, busy, offline, dialog } = useDecide(open);
  const works = may('returns.decide') || may('returns.inspect');
  const [ask, setAsk] = useState<BulkAsk | null>(null);
  const [assigning, setAssigning] = useState(false);
  const main = mainStep(rows.find((r) => selection.has(r.id)));
  const toggle = (row: ReturnRow, extend: boolean) => {
    if (!extend || !focusId) selection.toggle(row.id);
    else {
      const ends = [focusId, row.id]
        .map((id) => rows.findIndex((r) => r.id === id))
        .toSorted((a, b) => a - b);
      selection.add(rows.slice(ends[0], (ends[1] ?? 0) + 1).map((r) => r.id));
    }
    setFocused(row.id);
  };
  useReturnKeys({
    view,
    row: focusRow,
    card: peekRow ? card.data : undefined,
    peek: peekRow !== null,
    step,
    focus,
    onView: choose,
    onOpen: open,
    onPeek: setPeek,
    onFilter: () => setMore(true),
    onFind: () => searchField.current?.focus(),
    onMerge: () => {
      steady.merge();
      void list.refetch();
    },
    onDecide: decide,
    selection: works ? selection : null,
    onAsk: (step) => setAsk(step === 'main' ? main : step),
    onAssign: () => setAssigning(true),
  });
  const [more, setMore] = useState(false);
  const columns = useReturnColumns();
  const shown = useMemo(
    () => columns.filter((c) => c.id !== 'sum' || may('prices.see')),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- rights do not change while one is here
    [columns],
  );
  const fetchMore = useCallback(() => void fetchNextPage(), [fetchNextPage]);

  return (
    <div className="desk">
      <div className="page-head">
        <h1>{t('nav.returns')}</h1>
        {counts && (
          <span className="soft num grow cut" data-testid="returns-open">
            {t('returns.open', { count: counts.total.count, n: formatCount(counts.total.count, lang) })}
            {counts.total.sum !== null && !counts.mixed && counts.total.count > 0 && (
              <>
                {' · '}
                <Money value={counts.total.sum} currency={counts.currency} />
              </>
            )}
          </span>
        )}
        <span className="end row">
          <Button
            component={Link}
            to="/analytics/returns"
            variant="subtle"
            leftSection={<IconReportAnalytics size={16} stroke={1.75} />}
            className="ret-report"
            data-testid="week-report"
          >
            {t('returns.week_report')}
          </Button>
          <ReturnButton orders={[]} main />
        </span>
      </div>
      <ReturnTabs view={view} search={search} counts={counts} onChoose={choose} />
      <ReturnFilters
        view={view}
        filters={filters}
        onChange={change}
        more={more}
        onMore={setMore}
        searchRef={searchField}
      />
      <div className="desk-body">
        <div className="desk-main">
          <Hints forgotten={filters.forgotten === '1'} />
          <div className="desk-grid">
            {steady.waiting > 0 && (
              <button type="button" className="updates" data-testid="updates" onClick={steady.merge}>
                {t('returns.waiting', { count: steady.waiting })} <Kbd>U</Kbd>
              </button>
            )}
            {list.error && !rows.length ? (
              <ErrorState error={list.error} retry={() => void list.refetch()} />
            ) : list.isLoading ? (
              <div className="desk-bones">
                <Bones lines={12} height={24} />
              </div>
            ) : rows.length === 0 ? (
              <ReturnsEmpty view={view} filters={filters} onChange={change} />
            ) : (
              <DataGrid
                key={query}
                ref={grid}
                label={t('nav.returns')}
                rows={rows}
                columns={shown}
                narrow={peekRow !== null}
                rowHeight={heights[session.user.density]}
                total={total}
                focusId={focusId}
                onFocusRow={setFocused}
                onOpen={open}
                selection={
                  works
                    ? {
                        has: selection.has,
                        toggle,
                        label: (r) => t('orders.select', { number: numberOf(r) }),
                        head: (
                          <Check
                            label={t('orders.select_all')}
                            checked={selection.count > 0 && selection.count === total}
                            some={selection.count > 0 && selection.count !== total}
                            onChange={() => (selection.count > 0 ? selection.clear() : selection.takeAll())}
                          />
                        ),
                      }
                    : undefined
                }
                rowState={(r) => (steady.isGone(r.id) ? 'gone' : undefined)}
                compact={phone ? compactRow : null}
                onEnd={hasNextPage && !isFetchingNextPage ? fetchMore : undefined}
                onHold={setHovering}
              />
            )}
          </div>
          <Suspense>
            {selection.count > 0 && (
              <BulkReturns
                rows={rows}
                main={main}
                selection={selection}
                ask={ask}
                onAsk={setAsk}
                onDone={(reply) => {
                  if (!reply) return;
                  // Those that were refused stay selected; none is lost silently.
                  if (reply.refused.length) selection.only(reply.refused.map((r) => r.id));
                  else selection.clear();
                }}
              />
            )}
          </Suspense>
        </div>
        <Suspense>
          {peekRow && (
            <Peek
              assigning={assigning}
              onAssign={setAssigning}
              row={peekRow}
              card={card.data}
              error={card.error}
              retry={() => void card.refetch()}
              busy={busy}
              offline={offline}
              onClose={() => setPeek(false)}
              onOpen={() => open(peekRow)}
              onAct={(action) => card.data && decide(card.data, action)}
            />
          )}
        </Suspense>
      </div>
      {dialog}
    </div>
  );
}
