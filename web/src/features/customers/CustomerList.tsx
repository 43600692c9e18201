import { Button, TextInput } from '@mantine/core';
import { useDebouncedCallback, useMediaQuery } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { IconSearch } from '@tabler/icons-react';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { CustomerRow, Page } from '../../api/types';
import { formatCount, formatPhone } from '../../base/format';
import { useHotkeys } from '../../base/hotkeys';
import { useMay, useSession } from '../../base/shop';
import { ChannelBadge } from '../../ui/ChannelBadge';
import { Bones, ErrorState, Kbd, Money, Person, useLang, When } from '../../ui/bits';
import { EmptyFiltered, EmptyFirst } from '../../ui/states';
import { DataGrid, type GridColumn } from '../../ui/DataGrid';
import { KeepView } from './KeepView';
import { filterNames, ListFilters } from './ListFilters';
import { MergeDialog } from './MergeDialog';
import { MergeManyDialog } from './MergeManyDialog';
import { Rfm } from './Rfm';
import { TagDialog } from './TagDialog';
import { Totals } from './Totals';
import { useKeptViews, viewQuery } from './useKeptViews';

const manyMax = 51;
/** So many cards take a tag at once. */
const tagged = 500;

/** Cards of a view and its filters, all in the address; those that are selected can be merged. */
export function CustomerList() {
  const { t } = useTranslation();
  const lang = useLang();
  const session = useSession();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as Record<string, string | undefined>;
  const phone = useMediaQuery('(max-width: 767px)') ?? false;
  const q = search.q ?? '';
  const [text, setText] = useState(q);
  const field = useRef<HTMLInputElement>(null);
  const go = (change: Record<string, string>) =>
    void navigate({
      to: '/customers',
      search: Object.fromEntries(Object.entries({ ...search, ...change }).filter(([, v]) => v)),
      replace: true,
    });
  const forget = () => {
    setText('');
    void navigate({ to: '/customers', search: {}, replace: true });
  };
  const asks = Object.entries(search)
    .filter(([name, value]) => value && name !== 'sort')
    .map(([name, value]) => ({
      name,
      text: name === 'view' ? t(`customers.view_${value}`) : (value ?? ''),
      remove: name === 'q' ? forget : () => go({ [name]: '' }),
    }));
  const send = useDebouncedCallback((value: string) => go({ q: value }), 250);
  const view = search.view ?? '';
  const filters = Object.fromEntries(
    filterNames.flatMap((name) => (search[name] ? [[name, search[name]]] : [])),
  );
  const asked = { ...filters, ...(view ? { view } : {}) };
  const query = new URLSearchParams({
    sort: search.sort ?? '-last_order_at',
    limit: '100',
    ...(q ? { q } : asked),
  }).toString();
  const kept = useKeptViews();
  const address = viewQuery(search);
  const may = useMay();
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [tagging, setTagging] = useState(false);
  const [merging, setMerging] = useState<CustomerRow[] | null>(null);
  const list = useInfiniteQuery({
    queryKey: keys.customers(query),
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      get<Page<CustomerRow> | CustomerRow[]>(
        '/api/customers',
        pageParam ? `${query}&after=${encodeURIComponent(pageParam)}` : query,
        signal,
      ),
    getNextPageParam: (page) => (Array.isArray(page) ? undefined : (page.next ?? undefined)),
    placeholderData: (old) => old,
  });
  const rows = useMemo(
    () => list.data?.pages.flatMap((p) => (Array.isArray(p) ? p : p.items)) ?? [],
    [list.data],
  );
  const [focused, setFocused] = useState<string | null>(null);
  const at = Math.max(
    0,
    rows.findIndex((r) => r.id === focused),
  );
  const focusId = rows[at]?.id ?? null;
  const open = (row: CustomerRow) => void navigate({ to: '/customers/$id', params: { id: row.id } });
  const move = (by: number) => setFocused(rows[Math.max(0, Math.min(rows.length - 1, at + by))]?.id ?? null);
  useHotkeys({
    KeyJ: () => move(1),
    ArrowDown: () => move(1),
    KeyK: () => move(-1),
    ArrowUp: () => move(-1),
    Enter: () => (rows[at] ? open(rows[at]) : false),
    KeyX: () => (rows[at] ? toggle(rows[at]) : false),
    KeyT: () => (chosen.length && may('customers.tag') ? setTagging(true) : false),
    Slash: () => field.current?.focus(),
  });
  const chosen = rows.filter((r) => picked.has(r.id));
  const toggle = (row: CustomerRow) =>
    setPicked((old) => {
      const next = new Set(old);
      if (!next.delete(row.id)) next.add(row.id);
      return next;
    });
  // The card with more orders goes on.
  const merge = () => setMerging(chosen.toSorted((one, two) => two.orders_count - one.orders_count));
  const columns = useMemo(() => {
    const column = (
      id: string,
      width: string,
      cell: (row: CustomerRow) => React.ReactNode,
      right = false,
    ): GridColumn<CustomerRow> => ({
      id,
      header: t(`customer.${id}`),
      width,
      right,
      cell,
    });
    return [
      column('name', 'minmax(168px, 1.6fr)', (c) => (
        <>
          <Person name={c.name} />
          <span className="cut customer-name">{c.name}</span>
          {c.tags.slice(0, 2).map((tag) => (
            <span key={tag} className="chip chip-line customer-tag" title={tag}>
              {tag}
            </span>
          ))}
          {c.tags.length > 2 && (
            <span className="caption" title={c.tags.slice(2).join(', ')}>
              +{c.tags.length - 2}
            </span>
          )}
          {c.do_not_contact && (
            <span className="caption customer-never" title={t('customers.is_never')}>
              {t('customers.is_never')}
            </span>
          )}
        </>
      )),
      column('phone', '140px', (c) => (
        <span className="num soft">{c.phone ? formatPhone(c.phone) : '—'}</span>
      )),
      column('channels', '90px', (c) =>
        c.channels.map((name) => <ChannelBadge key={name} channel={name} size={17} />),
      ),
      column('orders', '76px', (c) => <span className="num">{formatCount(c.orders_count, lang)}</span>, true),
      column('sum', '106px', (c) => <Money value={c.net_spent ?? null} currency={c.currency} strong />, true),
      column('last', '112px', (c) => <When at={c.last_order_at} />, true),
      column(
        'interval',
        '80px',
        (c) => (
          <span className="num soft">
            {c.interval_days === null ? '—' : t('identity.days', { count: c.interval_days })}
          </span>
        ),
        true,
      ),
      column(
        'next',
        '84px',
        (c) => (
          <span
            className={c.overdue ? 'customer-late' : undefined}
            title={c.overdue ? t('identity.overdue') : undefined}
          >
            <When at={c.next_expected_at} />
          </span>
        ),
        true,
      ),
      column('rfm', '126px', (c) => <Rfm rfm={c.rfm} />, true),
      column('city', 'minmax(90px, 0.6fr)', (c) => <span className="cut soft">{c.city || '—'}</span>),
    ];
  }, [t, lang]);
  return (
    <>
      <div className="toolbar">
        <TextInput
          ref={field}
          size="sm"
          w={320}
          maw="100%"
          value={text}
          placeholder={t('customers.find')}
          aria-label={t('customers.find')}
          leftSection={<IconSearch size={15} stroke={1.75} />}
          rightSection={<Kbd>/</Kbd>}
          onChange={(e) => {
            setText(e.target.value);
            send(e.target.value.trim());
          }}
        />
        {!q && !phone && chosen.length === 0 && (
          <ListFilters filters={filters} sort={search.sort ?? '-last_order_at'} go={go} />
        )}
        {!q && !phone && kept.known && address && chosen.length === 0 && (
          <KeepView query={address} now={kept.views.find((v) => v.query === address)} kept={kept} />
        )}
        {!q && chosen.length === 0 && (
          <span className="end">
            <Totals query={new URLSearchParams(asked).toString()} />
          </span>
        )}
        {chosen.length > 0 && (
          <span className="end row" data-testid="picked">
            <span className="strong">{t('customers.picked', { count: chosen.length })}</span>
            {may('customers.tag') && (
              <Button
                disabled={chosen.length > tagged}
                onClick={() => setTagging(true)}
                rightSection={<Kbd>T</Kbd>}
              >
                {t('customers.tag')}
              </Button>
            )}
            {may('customers.merge') && (
              <Button disabled={chosen.length < 2 || chosen.length > manyMax} onClick={merge}>
                {t('identity.do_merge')}
              </Button>
            )}
            <Button onClick={() => setPicked(new Set())}>{t('bulk.clear')}</Button>
          </span>
        )}
      </div>
      <div className="grow-box">
        {list.error ? (
          <ErrorState error={list.error} retry={() => void list.refetch()} />
        ) : list.isLoading ? (
          <Bones lines={10} />
        ) : rows.length === 0 ? (
          asks.length ? (
            <EmptyFiltered filters={asks} onReset={forget} />
          ) : (
            <EmptyFirst text={t('customers.empty')} />
          )
        ) : (
          <DataGrid
            label={t('nav.customers')}
            rows={rows}
            columns={columns}
            rowHeight={{ compact: 36, normal: 40, roomy: 52 }[session.user.density]}
            total={list.hasNextPage ? -1 : rows.length}
            focusId={focusId}
            onFocusRow={setFocused}
            onOpen={open}
            selection={
              (may('customers.merge') || may('customers.tag')) && !phone
                ? {
                    has: (id) => picked.has(id),
                    toggle,
                    label: (c) => t('customers.pick', { name: c.name }),
                    head: null,
                  }
                : undefined
            }
            onEnd={list.hasNextPage && !list.isFetchingNextPage ? () => void list.fetchNextPage() : undefined}
            compact={
              phone
                ? (c) => (
                    <div className="row">
                      <Person name={c.name} size={32} />
                      <span className="grow">
                        <div className="strong cut">{c.name}</div>
                        <div className="caption num">{formatPhone(c.phone)}</div>
                      </span>
                      <Money value={c.net_spent ?? null} currency={c.currency} strong />
                    </div>
                  )
                : null
            }
          />
        )}
      </div>
      {tagging && <TagDialog chosen={chosen} onClose={() => setTagging(false)} />}
      {merging?.length === 2 && (
        <MergeDialog
          kept={merging[0]?.id ?? ''}
          gone={merging[1]?.id ?? ''}
          onClose={() => setMerging(null)}
          onDone={() => setPicked(new Set())}
        />
      )}
      {merging && merging.length > 2 && (
        <MergeManyDialog
          cards={merging}
          onClose={() => setMerging(null)}
          onDone={() => setPicked(new Set())}
        />
      )}
    </>
  );
}
