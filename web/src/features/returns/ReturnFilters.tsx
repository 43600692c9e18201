import { Checkbox } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../../base/format';
import { useLang } from '../../ui/bits';
import { ChipForm, FilterChip, FindField, FlagChip, MoreFilters } from '../../ui/FilterShell';
import { flagNames, listNames, useReturnOptions, type FlagName, type ListName } from './filterOptions';
import { isQueue, toQuery, useReturnCounts, type Filters, type ViewName } from './query';

const always: ListName[] = ['kind', 'channel', 'group', 'zone', 'assignee_id'];

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
  const chosen = listOf(draft);
  const toggle = (value: string) => {
    // Of one's own or of nobody: these exclude each other.
    const rest = name === 'assignee_id' ? [] : chosen.filter((v) => v !== value);
    setDraft({ ...draft, [name]: (chosen.includes(value) ? rest : [...rest, value]).join() });
  };
  const counted = isQueue(view, draft);
  const n = useReturnCounts(toQuery(view, draft), open && counted).data?.total.count;
  return (
    <FilterChip
      name={name}
      title={t(`return_filter.${name}`)}
      words={words || null}
      open={open}
      onOpen={onOpen}
      onClear={() => onChange({ ...filters, [name]: undefined })}
    >
      {() => (
        <ChipForm
          onSubmit={() => {
            onChange(draft);
            onOpen(false);
          }}
          apply={
            counted && n !== undefined
              ? t('returns.show', { count: n, n: formatCount(n, lang) })
              : t('filter.apply')
          }
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
        </ChipForm>
      )}
    </FilterChip>
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
  const [opened, setOpened] = useState<ListName | null>(null);
  const shown = listNames.filter((n) => always.includes(n) || n === opened || filters[n]);
  const flags = flagNames.filter((n) => filters[n]);
  const flip = (name: FlagName) => onChange({ ...filters, [name]: filters[name] ? undefined : '1' });
  return (
    <div className="filters">
      <FindField
        value={filters.q}
        label={t('returns.find')}
        onFind={(q) => onChange({ ...filters, q: q.trim() || undefined })}
        fieldRef={searchRef}
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
        <FlagChip key={name} name={name} title={t(`return_filter.${name}`)} onClear={() => flip(name)} />
      ))}
      <MoreFilters
        open={more}
        onOpen={onMore}
        list={[
          ...listNames.map((name) => ({
            name,
            title: t(`return_filter.${name}`),
            run: () => setOpened(name),
          })),
          ...flagNames.map((name) => ({ name, title: t(`return_filter.${name}`), run: () => flip(name) })),
        ]}
      />
    </div>
  );
}
