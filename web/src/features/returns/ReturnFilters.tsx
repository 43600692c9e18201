import { Button, Checkbox, Menu, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconFilter, IconPlus, IconSearch, IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../../base/format';
import { Kbd, useLang } from '../../ui/bits';
import { DropMenu, DropPanel } from '../../ui/Drop';
import { flagNames, listNames, useReturnOptions, type FlagName, type ListName } from './filterOptions';
import { isQueue, toQuery, useReturnCounts, type Filters, type ViewName } from './query';

const always: ListName[] = ['kind', 'channel', 'group', 'zone'];

interface ChipProps {
  name: ListName;
  view: ViewName;
  filters: Filters;
  options: { value: string; label: string }[];
  open: boolean;
  onOpen: (open: boolean) => void;
  onChange: (next: Filters) => void;
}

/** «Причина: Брак, Размер»: several values of one filter mean or; how many there are is told before it is applied. */
function Chip({ name, view, filters, options, open, onOpen, onChange }: ChipProps) {
  const { t } = useTranslation();
  const lang = useLang();
  const [draft, setDraft] = useState(filters);
  useEffect(() => {
    if (open) setDraft(filters);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the draft starts anew only when the chip opens
  }, [open]);
  const listOf = (f: Filters) => f[name]?.split(',').filter(Boolean) ?? [];
  const words = listOf(filters)
    .map((v) => options.find((o) => o.value === v)?.label ?? v)
    .join(', ');
  const label = words ? `${t(`return_filter.${name}`)}: ${words}` : t(`return_filter.${name}`);
  const chosen = listOf(draft);
  const toggle = (value: string) => {
    // Of one's own or of nobody: these exclude each other.
    const rest = name === 'assignee_id' ? [] : chosen.filter((v) => v !== value);
    setDraft({ ...draft, [name]: (chosen.includes(value) ? rest : [...rest, value]).join() });
  };
  const counted = isQueue(view, draft);
  const n = useReturnCounts(toQuery(view, draft), open && counted).data?.total.count;
  return (
    <DropPanel
      opened={open}
      onChange={onOpen}
      width={280}
      trapFocus
      returnFocus
      withRoles={false}
      panel={{ p: 'md', 'data-menu-dropdown': true }}
      target={(props) => (
        <span ref={props.ref} className={words ? 'filter-chip filter-on' : 'filter-chip'}>
          <button
            type="button"
            onClick={() => onOpen(!open)}
            aria-expanded={open}
            data-testid={`filter-${name}`}
          >
            {!words && <IconPlus size={13} stroke={2} aria-hidden />}
            <span className="cut">{label}</span>
          </button>
          {words && (
            <button
              type="button"
              aria-label={t('filter.remove', { name: label })}
              onClick={() => onChange({ ...filters, [name]: undefined })}
            >
              <IconX size={13} stroke={2} aria-hidden />
            </button>
          )}
        </span>
      )}
    >
      {() => (
        <form
          className="stack"
          onSubmit={(e) => {
            e.preventDefault();
            onChange(draft);
            onOpen(false);
          }}
        >
          <div className="filter-list">
            {options.map((o, i) => (
              <Checkbox
                key={o.value}
                label={o.label}
                checked={chosen.includes(o.value)}
                onChange={() => toggle(o.value)}
                data-autofocus={i === 0 || undefined}
              />
            ))}
          </div>
          <Button type="submit" variant="filled" data-testid="filter-apply">
            {counted && n !== undefined
              ? t('returns.show', { count: n, n: formatCount(n, lang) })
              : t('filter.apply')}
          </Button>
        </form>
      )}
    </DropPanel>
  );
}

interface Props {
  view: ViewName;
  filters: Filters;
  onChange: (next: Filters) => void;
  more: boolean;
  onMore: (open: boolean) => void;
  searchRef: React.RefObject<HTMLInputElement | null>;
}

export function ReturnFilters({ view, filters, onChange, more, onMore, searchRef }: Props) {
  const { t } = useTranslation();
  const options = useReturnOptions();
  const [text, setText] = useState(filters.q ?? '');
  useEffect(() => setText(filters.q ?? ''), [filters.q]);
  const send = useDebouncedCallback((q: string) => {
    if (q !== (filters.q ?? '')) onChange({ ...filters, q: q || undefined });
  }, 250);
  const [opened, setOpened] = useState<ListName | null>(null);
  const shown = listNames.filter((n) => always.includes(n) || n === opened || filters[n]);
  const flags = flagNames.filter((n) => filters[n]);
  const flip = (name: FlagName) => onChange({ ...filters, [name]: filters[name] ? undefined : '1' });
  return (
    <div className="filters">
      <TextInput
        size="sm"
        className="filters-find"
        ref={searchRef}
        value={text}
        onChange={(e) => {
          setText(e.target.value);
          send(e.target.value.trim());
        }}
        placeholder={t('returns.find')}
        aria-label={t('returns.find')}
        leftSection={<IconSearch size={15} stroke={1.75} />}
        rightSection={<Kbd>/</Kbd>}
      />
      {shown.map((name) => (
        <Chip
          key={name}
          name={name}
          view={view}
          filters={filters}
          options={options[name]}
          open={opened === name}
          onOpen={(open) => setOpened(open ? name : null)}
          onChange={onChange}
        />
      ))}
      {flags.map((name) => (
        <span key={name} className="filter-chip filter-on">
          <button
            type="button"
            onClick={() => flip(name)}
            aria-label={t('filter.remove', { name: t(`return_filter.${name}`) })}
            data-testid={`filter-${name}`}
          >
            <span className="cut">{t(`return_filter.${name}`)}</span>
            <IconX size={13} stroke={2} aria-hidden />
          </button>
        </span>
      ))}
      <DropMenu
        opened={more}
        onChange={onMore}
        position="bottom-start"
        returnFocus={false}
        target={(props) => (
          <button {...props} type="button" className="filter-chip filter-more" data-testid="filter-more">
            <IconFilter size={14} stroke={1.75} aria-hidden />
            {t('filter.more')} <Kbd>F</Kbd>
          </button>
        )}
      >
        {() => (
          <>
            {listNames.map((name) => (
              <Menu.Item key={name} onClick={() => setOpened(name)} data-testid={`add-filter-${name}`}>
                {t(`return_filter.${name}`)}
              </Menu.Item>
            ))}
            {flagNames.map((name) => (
              <Menu.Item key={name} onClick={() => flip(name)} data-testid={`add-filter-${name}`}>
                {t(`return_filter.${name}`)}
              </Menu.Item>
            ))}
          </>
        )}
      </DropMenu>
    </div>
  );
}
