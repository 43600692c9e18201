import { Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useWords } from '../../base/words';
import { dayAt, dayStart } from '../../base/days';
import { formatCount } from '../../base/format';
import { useShop } from '../../base/shop';
import { useLang } from '../../ui/bits';
import { DateField } from '../../ui/DateField';
import { ChipForm, FilterChip } from '../../ui/FilterShell';
import { isRange, type ChipName, type ListFilter, type Option, type RangeFilter } from './filterOptions';
import { asksClosed, toQuery, type Filters } from './address';
import { useCounts } from './query';
import { cleanTag } from './tags';

const listOf = (filters: Filters, name: ListFilter) => filters[name]?.split(',').filter(Boolean) ?? [];

/** The filters without this one. */
export const without = (filters: Filters, name: ChipName): Filters =>
  isRange(name) ? { ...filters, [`${name}_from`]: '', [`${name}_to`]: '' } : { ...filters, [name]: '' };

/** What the chip says: «Канал: Kaspi, Ozon»; null when the filter asks for nothing. */
export function useChipWords(options: Record<ListFilter, Option[]>) {
  const { t } = useWords();
  const shop = useShop();
  return (name: ChipName, filters: Filters): string | null => {
    if (!isRange(name)) {
      const chosen = listOf(filters, name);
      const words = chosen.map((v) => options[name].find((o) => o.value === v)?.label ?? v);
      return words.length ? words.join(', ') : null;
    }
    const from = filters[`${name}_from`];
    const to = filters[`${name}_to`];
    const short = (day: string) => day.split('-').slice(1).toReversed().join('.');
    const shown = (v: string, days: number) =>
      name === 'placed' ? short(dayAt(v, shop.time_zone, days)) : v;
    const ends = [
      from && t('filter.least', { n: shown(from, 0) }),
      to && t('filter.most', { n: shown(to, -1) }),
    ];
    return ends.filter(Boolean).join(' ') || null;
  };
}

function Range({
  name,
  draft,
  onDraft,
}: {
  name: RangeFilter;
  draft: Filters;
  onDraft: (d: Filters) => void;
}) {
  const { t } = useWords();
  const zone = useShop().time_zone;
  const ends = ['from', 'to'] as const;
  return (
    <div className="form-two">
      {ends.map((end) => {
        const key = `${name}_${end}` as const;
        const value = draft[key] ?? '';
        const days = end === 'to' ? 1 : 0;
        return name === 'total' ? (
          <TextInput
            key={end}
            inputMode="numeric"
            label={t(`filter.${end}`)}
            value={value}
            maxLength={12}
            onChange={(e) => onDraft({ ...draft, [key]: e.target.value.replace(/\D/g, '') })}
            data-autofocus={end === 'from' || undefined}
          />
        ) : (
          <DateField
            key={end}
            inside
            label={t(`filter.${end}`)}
            value={value ? dayAt(value, zone, -days) : ''}
            onChange={(e) => onDraft({ ...draft, [key]: dayStart(e.target.value, zone, days) })}
            data-autofocus={end === 'from' || undefined}
          />
        );
      })}
    </div>
  );
}

interface ChipProps {
  name: ChipName;
  filters: Filters;
  options: Record<ListFilter, Option[]>;
  open: boolean;
  onOpen: (open: boolean) => void;
  onChange: (next: Filters) => void;
}

/** What hangs below an open chip; the draft starts anew with each opening. */
function Draft({ name, filters, options, onOpen, onChange }: Omit<ChipProps, 'open'>) {
  const { t } = useWords();
  const lang = useLang();
  const [draft, setDraft] = useState<Filters>(filters);
  const [find, setFind] = useState('');
  const counts = useCounts(toQuery(draft), !asksClosed(draft));
  const range = isRange(name);
  const folded = find.trim().toLocaleLowerCase();
  const chosen = range ? [] : listOf(draft, name);
  const all = range ? [] : options[name];
  // A tag may be asked for though no loaded order has it.
  const typed = name === 'tag' ? cleanTag(find) : '';
  const extra = [...chosen, ...(typed ? [typed] : [])].filter((v) => !all.some((o) => o.value === v));
  const list = [...[...new Set(extra)].map((v) => ({ value: v, label: v })), ...all].filter((o) =>
    o.label.toLocaleLowerCase().includes(folded),
  );
  const toggle = (value: string) => {
    const next = chosen.includes(value) ? chosen.filter((v) => v !== value) : [...chosen, value];
    setDraft({ ...draft, [name]: next.join(',') });
  };
  const submit = () => {
    const first = list[0];
    if (folded && first) {
      toggle(first.value);
      setFind('');
    } else {
      onChange(draft);
      onOpen(false);
    }
  };
  const n = counts.data?.total.count;
  const apply =
    n !== undefined && !asksClosed(draft)
      ? t('filter.show', { count: n, n: formatCount(n, lang) })
      : t('filter.apply');
  return (
    <ChipForm onSubmit={submit} apply={apply}>
      {range ? (
        <Range name={name} draft={draft} onDraft={setDraft} />
      ) : (
        <>
          <TextInput
            size="sm"
            value={find}
            onChange={(e) => setFind(e.target.value)}
            placeholder={t('filter.find')}
            aria-label={t('filter.find')}
            data-autofocus
          />
          <div className="filter-list">
            {list.map((o) => (
              <Checkbox
                key={o.value}
                label={o.label}
                checked={chosen.includes(o.value)}
                onChange={() => toggle(o.value)}
              />
            ))}
          </div>
        </>
      )}
    </ChipForm>
  );
}

export function OrderChip({ open, ...chip }: ChipProps) {
  const { name, filters, onOpen, onChange } = chip;
  const { t } = useWords();
  const wordsOf = useChipWords(chip.options);
  return (
    <FilterChip
      name={name}
      title={t(`filter.${name}`)}
      words={wordsOf(name, filters)}
      open={open}
      onOpen={onOpen}
      onClear={() => onChange(without(filters, name))}
    >
      {() => <Draft {...chip} />}
    </FilterChip>
  );
}
