import { Button, Checkbox, Menu, NumberInput, Popover, TextInput } from '@mantine/core';
import { IconArrowsSort, IconFilter, IconPlus, IconSearch, IconX } from '@tabler/icons-react';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Mark } from '../../api/types';
import { formatCount } from '../../base/format';
import { useSession } from '../../base/shop';
import { useChannelTitle } from '../../ui/ChannelBadge';
import { Kbd, useLang } from '../../ui/bits';
import type { ColumnChoice } from './columnChoice';
import { ColumnsMenu } from './ColumnsMenu';
import { toQuery, useCounts, type FilterName, type Filters } from './query';

const marks: Mark[] = [
  'problem',
  'cancel_requested',
  'return_requested',
  'hold',
  'preorder',
  'express',
  'claim',
  'outside',
];
const statuses = [
  'new',
  'confirmed',
  'assembling',
  'ready_to_ship',
  'in_delivery',
  'at_pickup',
  'delivered',
  'completed',
  'returning',
  'returned',
  'cancelled',
];

type ListFilter = 'channel' | 'account_id' | 'zone' | 'assignee_id' | 'mark' | 'status';
type Option = { value: string; label: string };

export function useFilterOptions(): Record<ListFilter, Option[]> {
  const { t } = useTranslation();
  const session = useSession();
  const title = useChannelTitle();
  return useMemo(
    () => ({
      channel: [...new Set(session.accounts.map((a) => a.channel))].map((c) => ({
        value: c,
        label: title(c),
      })),
      account_id: session.accounts.map((a) => ({ value: a.id, label: a.name })),
      zone: ['breached', 'red', 'yellow', 'green', 'none'].map((z) => ({ value: z, label: t(`zone.${z}`) })),
      assignee_id: session.users.map((u) => ({ value: u.id, label: u.name })),
      mark: marks.map((m) => ({ value: m, label: t(`mark.${m}`) })),
      status: statuses.map((s) => ({ value: s, label: t(`status.${s}`) })),
    }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- title depends on the language only
    [session, t],
  );
}

interface ChipProps {
  name: ListFilter | 'total';
  filters: Filters;
  onChange: (next: Filters) => void;
}

function FilterChip({ name, filters, onChange }: ChipProps) {
  const { t } = useTranslation();
  const lang = useLang();
  const options = useFilterOptions();
  const [open, setOpen] = useState(false);
  const [draft, setDraft] = useState<Filters>(filters);
  const [find, setFind] = useState('');
  useEffect(() => {
    if (open) setDraft(filters);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the draft starts anew only when the chip opens
  }, [open]);
  const counts = useCounts(toQuery(draft), open);
  const list = name === 'total' ? [] : options[name];
  const chosen = name === 'total' ? [] : (filters[name]?.split(',').filter(Boolean) ?? []);
  const active = name === 'total' ? !!(filters.total_from ?? filters.total_to) : chosen.length > 0;
  const words = chosen.map((v) => list.find((o) => o.value === v)?.label ?? v).join(', ');
  const range = [filters.total_from && `≥ ${filters.total_from}`, filters.total_to && `≤ ${filters.total_to}`]
    .filter(Boolean)
    .join(' ');
  const label = `${t(`filter.${name}`)}${active ? `: ${words || range}` : ''}`;
  const clear = () =>
    onChange(name === 'total' ? { ...filters, total_from: '', total_to: '' } : { ...filters, [name]: '' });
  const toggle = (value: string) => {
    const now = draft[name as ListFilter]?.split(',').filter(Boolean) ?? [];
    const next = now.includes(value) ? now.filter((v) => v !== value) : [...now, value];
    setDraft({ ...draft, [name]: next.join(',') });
  };
  return (
    <Popover opened={open} onChange={setOpen} width={260} trapFocus withRoles={false}>
      <Popover.Target>
        <span className={active ? 'filter-chip filter-on' : 'filter-chip'}>
          <button
            type="button"
            onClick={() => setOpen((o) => !o)}
            aria-expanded={open}
            data-testid={`filter-${name}`}
          >
            {!active && <IconPlus size={13} stroke={2} aria-hidden />}
            <span className="cut">{label}</span>
          </button>
          {active && (
            <button type="button" aria-label={t('filter.remove', { name: label })} onClick={clear}>
              <IconX size={13} stroke={2} aria-hidden />
            </button>
          )}
        </span>
      </Popover.Target>
      <Popover.Dropdown p="md">
        <form
          className="stack"
          onSubmit={(e) => {
            e.preventDefault();
            onChange(draft);
            setOpen(false);
          }}
        >
          {name === 'total' ? (
            <div className="form-two">
              <NumberInput
                label={t('filter.from')}
                value={draft.total_from ?? ''}
                min={0}
                hideControls
                onChange={(v) => setDraft({ ...draft, total_from: String(v) })}
                data-autofocus
              />
              <NumberInput
                label={t('filter.to')}
                value={draft.total_to ?? ''}
                min={0}
                hideControls
                onChange={(v) => setDraft({ ...draft, total_to: String(v) })}
              />
            </div>
          ) : (
            <>
              {list.length > 7 && (
                <TextInput
                  size="sm"
                  value={find}
                  onChange={(e) => setFind(e.target.value)}
                  placeholder={t('filter.find')}
                  aria-label={t('filter.find')}
                  data-autofocus
                />
              )}
              <div className="filter-list">
                {list
                  .filter((o) => o.label.toLowerCase().includes(find.toLowerCase()))
                  .map((o) => (
                    <Checkbox
                      key={o.value}
                      label={o.label}
                      checked={draft[name]?.split(',').includes(o.value) ?? false}
                      onChange={() => toggle(o.value)}
                    />
                  ))}
              </div>
            </>
          )}
          <Button type="submit" variant="filled">
            {counts.data
              ? t('filter.show', {
                  count: counts.data.total.count,
                  n: formatCount(counts.data.total.count, lang),
                })
              : t('filter.apply')}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

interface Props {
  /** What the view itself asks for: not shown as chips until changed. */
  shownAs: Filters;
  filters: Filters;
  onChange: (next: Filters) => void;
  sort: string | undefined;
  onSort: (sort: string | undefined) => void;
  columns: ColumnChoice;
  onColumns: (choice: ColumnChoice) => void;
  more: boolean;
  onMore: (open: boolean) => void;
  searchRef: React.RefObject<HTMLInputElement | null>;
}

const always: ListFilter[] = ['channel', 'zone', 'assignee_id'];
const further: ListFilter[] = ['status', 'mark', 'account_id'];
const sorts = ['-placed_at', 'placed_at', '-total'];

export function FilterBar({
  shownAs,
  filters,
  onChange,
  sort,
  onSort,
  columns,
  onColumns,
  more,
  onMore,
  searchRef,
}: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState(filters.q ?? '');
  useEffect(() => setText(filters.q ?? ''), [filters.q]);
  const send = useDebouncedCallback((q: string) => onChange({ ...filters, q }), 250);
  const [added, setAdded] = useState<FilterName[]>([]);
  const shown = [
    ...always,
    ...further.filter((f) => (filters[f] && shownAs[f] !== filters[f]) || added.includes(f)),
  ];
  const rest = further.filter((f) => !shown.includes(f));
  return (
    <div className="filters">
      <TextInput
        size="sm"
        className="filters-find"
        ref={searchRef}
        value={text}
        onChange={(e) => {
          setText(e.target.value);
          send(e.target.value);
        }}
        placeholder={t('orders.find')}
        aria-label={t('orders.find')}
        leftSection={<IconSearch size={15} stroke={1.75} />}
        rightSection={<Kbd>/</Kbd>}
      />
      {shown.map((name) => (
        <FilterChip key={name} name={name as ListFilter} filters={filters} onChange={onChange} />
      ))}
      <FilterChip name="total" filters={filters} onChange={onChange} />
      <Menu opened={more} onChange={onMore} position="bottom-start">
        <Menu.Target>
          <button type="button" className="filter-chip filter-more" data-testid="filter-more">
            <IconFilter size={14} stroke={1.75} aria-hidden />
            {t('filter.more')} <Kbd>F</Kbd>
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {rest.map((name) => (
            <Menu.Item key={name} onClick={() => setAdded([...added, name])}>
              {t(`filter.${name}`)}
            </Menu.Item>
          ))}
          {rest.length === 0 && <Menu.Label>{t('filter.no_more')}</Menu.Label>}
        </Menu.Dropdown>
      </Menu>
      <span className="filters-end">
        <Menu>
          <Menu.Target>
            <Button variant="subtle" leftSection={<IconArrowsSort size={15} stroke={1.75} />}>
              {t(`sort.${sort ?? 'urgency'}`)}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => onSort(undefined)}>{t('sort.urgency')}</Menu.Item>
            {sorts.map((s) => (
              <Menu.Item key={s} onClick={() => onSort(s)}>
                {t(`sort.${s}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        <ColumnsMenu choice={columns} onChange={onColumns} />
      </span>
    </div>
  );
}
