import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { IconPlus, IconRobot } from '@tabler/icons-react';
import { Suspense, useCallback, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClaimRow } from '../../../api/types';
import { formatCount } from '../../../base/format';
import { useHotkeys, type HotkeyMap } from '../../../base/hotkeys';
import { lazyIdle } from '../../../base/lazyIdle';
import { useMay, useSession } from '../../../base/shop';
import { Bones, ErrorState, Money, useLang } from '../../../ui/bits';
import { DataGrid, type GridHandle } from '../../../ui/DataGrid';
import { EmptyDone, EmptyFiltered, EmptyFirst, NoRight } from '../../../ui/states';
import { ReturnSwitch } from '../ReturnSwitch';
import { ClaimFilters, listNames, useClaimOptions } from './ClaimFilters';
import { CompactClaim, useClaimColumns } from './columns';
import {
  claimAsked,
  filterNames,
  filtersOf,
  toQuery,
  useClaimCounts,
  useClaims,
  viewOf,
  views,
  type Filters,
  type Search,
  type ViewName,
} from './query';
import { mainOf } from './steps';
import { useClaimActs } from './useClaimActs';
import '../../../ui/desk.css';
import '../../../ui/forms.css';
import '../returns.css';

const Peek = lazyIdle(() => import('./ClaimPeek'));
const NewClaim = lazyIdle(() => import('./NewClaim'));
const heights = { compact: 44, normal: 50, roomy: 58 };
const compactRow = (row: ClaimRow) => <CompactClaim row={row} />;

export default function ClaimsPage() {
  const may = useMay();
  return may('returns.see') ? <List /> : <NoRight />;
}

function List() {
  const { t } = useTranslation();
  const lang = useLang();
  const session = useSession();
  const may = useMay();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as Search;
  const phone = useMediaQuery('(max-width: 767px)', false, { getInitialValueInEffect: false });
  const wide = useMediaQuery('(min-width: 1200px)', false, { getInitialValueInEffect: false });
  const view = viewOf(search);
  const filters = filtersOf(search);
  const list = useClaims(toQuery(view, filters));
  const counts = useClaimCounts().data;
  const rows = useMemo(() => list.data?.pages.flatMap((p) => p.items) ?? [], [list.data]);
  const [focused, setFocused] = useState<string | null>(search.row ?? null);
  const focusRow = rows.find((r) => r.id === focused) ?? rows[0] ?? null;
  const [peek, setPeek] = useState(wide);
  const [more, setMore] = useState(false);
  const [making, setMaking] = useState(false);
  const peekRow = peek && !phone ? focusRow : null;
  const card = useQuery({ ...claimAsked(peekRow?.id ?? ''), enabled: peekRow !== null });
  const grid = useRef<GridHandle>(null);
  const columns = useClaimColumns(may('prices.see'));
  const { act, edit, busy, offline, dialog } = useClaimActs();

  const put = useCallback(
    (change: Search, replace = true) =>
      navigate({ to: '/returns/claims', search: (old: Search) => ({ ...old, ...change }), replace }),
    [navigate],
  );
  const choose = (next: ViewName) => {
    setFocused(null);
    void put({ view: next === 'all' ? undefined : next, row: undefined }, false);
  };
  const change = (next: Filters) => {
    setFocused(null);
    void put({ ...Object.fromEntries(filterNames.map((n) => [n, next[n] || undefined])), row: undefined });
  };
  const open = (row: { id: string }) => {
    void put({ row: row.id }).then(() => navigate({ to: '/returns/claims/$id', params: { id: row.id } }));
  };
  const step = (by: number) => {
    const i = focusRow ? rows.indexOf(focusRow) : 0;
    const next = rows[Math.max(0, Math.min(rows.length - 1, i + by))];
    if (!next) return;
    setFocused(next.id);
    grid.current?.show(next.id);
  };
  const main = card.data && peekRow ? mainOf(card.data) : null;
  const digits: HotkeyMap = Object.fromEntries(views.map((v, i) => [`Digit${i + 1}`, () => choose(v)]));
  useHotkeys({
    ...digits,
    KeyJ: () => step(1),
    ArrowDown: () => step(1),
    KeyK: () => step(-1),
    ArrowUp: () => step(-1),
    Space: () => setPeek((p) => !p),
    Enter: () => (focusRow ? open(focusRow) : false),
    KeyF: () => setMore(true),
    KeyC: () => {
      if (main && card.data) act(card.data, main);
      else if (focusRow) open(focusRow);
      else return false;
    },
    Escape: () => (peek ? setPeek(false) : false),
  });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const countOf = (name: ViewName) =>
    name === 'all' ? counts?.total : name === 'closed' ? undefined : counts?.[name];

  return (
    <div className="desk">
      <div className="page-head">
        <h1>{t('claims.title')}</h1>
        {counts && counts.total > 0 && (
          <span className="soft num grow cut" data-testid="claims-open">
            {t('claims.open', { count: counts.total, n: formatCount(counts.total, lang) })}
            {counts.sum !== null && (
              <>
                {' · '}
                <Money value={counts.sum} currency={counts.currency} />
              </>
            )}
          </span>
        )}
        {may('claims.work') && (
          <span className="end">
            <Button
              variant="filled"
              leftSection={<IconPlus size={16} stroke={1.9} />}
              onClick={() => setMaking(true)}
              data-testid="make-claim"
            >
              {t('claims.create')}
            </Button>
          </span>
        )}
      </div>
      <div className="tabs ret-tabs">
        <div className="tabs-list" role="tablist" aria-label={t('claims.views')}>
          {views.map((name, i) => {
            const n = countOf(name);
            return (
              <button
                key={name}
                type="button"
                role="tab"
                aria-selected={name === view}
                data-testid={`view-tab-${i + 1}`}
                title={String(i + 1)}
                onClick={() => choose(name)}
              >
                {t(`claim_view.${name}`)}
                {name !== 'closed' && (
                  <span className="tabs-count num">{n !== undefined && formatCount(n, lang)}</span>
                )}
              </button>
            );
          })}
        </div>
        <ReturnSwitch at="claims" />
      </div>
      <ClaimFilters filters={filters} onChange={change} more={more} onMore={setMore} />
      <div className="desk-body">
        <div className="desk-main">
          {counts && counts.found > 0 && !filters.found && (
            <div className="ret-hints">
              <section className="card ret-hint">
                <span className="tile tile-big" data-tint={4} aria-hidden>
                  <IconRobot size={16} stroke={1.75} />
                </span>
                <span className="ret-two grow">
                  <span className="strong">{t('claims.found_n', { count: counts.found })}</span>
                  <span className="caption">{t('claims.found_hint')}</span>
                </span>
                <Link to="/returns/claims" search={{ found: '1', view: 'ours' }}>
                  {t('toast.show')}
                </Link>
              </section>
            </div>
          )}
          <div className="desk-grid">
            {list.error && !rows.length ? (
              <ErrorState error={list.error} retry={() => void list.refetch()} />
            ) : list.isLoading ? (
              <div className="desk-bones">
                <Bones lines={12} height={24} />
              </div>
            ) : rows.length === 0 ? (
              <Nothing view={view} filters={filters} onChange={change} />
            ) : (
              <DataGrid
                key={toQuery(view, filters)}
                ref={grid}
                label={t('claims.title')}
                rows={rows}
                columns={columns}
                narrow={peekRow !== null}
                rowHeight={heights[session.user.density]}
                total={hasNextPage ? -1 : rows.length}
                focusId={focusRow?.id ?? null}
                onFocusRow={setFocused}
                onOpen={open}
                compact={phone ? compactRow : null}
                onEnd={hasNextPage && !isFetchingNextPage ? () => void fetchNextPage() : undefined}
              />
            )}
          </div>
        </div>
        <Suspense>
          {peekRow && (
            <Peek
              row={peekRow}
              card={card.data}
              error={card.error}
              retry={() => void card.refetch()}
              busy={busy}
              offline={offline}
              onClose={() => setPeek(false)}
              onOpen={() => open(peekRow)}
              onAct={(action) => card.data && act(card.data, action)}
              onSave={(body) => card.data && void edit(card.data, body)}
            />
          )}
        </Suspense>
      </div>
      <Suspense>
        {making && (
          <NewClaim
            onClose={() => setMaking(false)}
            onMade={(made) => {
              setMaking(false);
              setFocused(made.id);
            }}
          />
        )}
      </Suspense>
      {dialog}
    </div>
  );
}

function Nothing({
  view,
  filters,
  onChange,
}: {
  view: ViewName;
  filters: Filters;
  onChange: (next: Filters) => void;
}) {
  const { t } = useTranslation();
  const options = useClaimOptions();
  const chips = Object.entries(filters).map(([key, value]) => {
    const list = listNames.find((n) => n === key);
    const words = (value ?? '')
      .split(',')
      .map((v) => (list && options[list].find((o) => o.value === v)?.label) || v)
      .join(', ');
    return {
      name: key,
      text: list ? `${t(`claim_filter.${list}`)}: ${words}` : t('claim_filter.found'),
      remove: () => onChange({ ...filters, [key]: undefined }),
    };
  });
  if (chips.length) return <EmptyFiltered filters={chips} onReset={() => onChange({})} />;
  if (view === 'all') return <EmptyDone text={t('claims.none')} next={t('claims.none_hint')} />;
  return <EmptyFirst text={t('claims.none_here')} />;
}
