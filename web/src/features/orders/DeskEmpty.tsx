import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { Page, QueueRow } from '../../api/types';
import { Empty, useWhen } from '../../ui/bits';
import { useChipWords, without } from './FilterChip';
import { chipNames, useFilterOptions } from './filterOptions';
import { LastImports } from './Fresh';
import { toQuery, type Filters } from './query';

interface Props {
  filters: Filters;
  /** What the view asks for by itself. */
  own: Filters;
  changed: boolean;
  onChange: (next: Filters) => void;
  onReset: () => void;
}

const urgent = (filters: Filters) =>
  !!filters.zone && filters.zone.split(',').every((z) => z === 'red' || z === 'breached');

/** «Срочных нет. Следующий срок в 11:04». */
function Calm({ filters }: { filters: Filters }) {
  const { t } = useTranslation();
  const when = useWhen();
  const query = toQuery({ ...filters, zone: '' });
  const next = useQuery({
    queryKey: keys.queueNext(query),
    queryFn: ({ signal }) => get<Page<QueueRow>>('/api/queue', `${query}&limit=1`, signal),
  });
  const at = next.data?.items[0]?.deadline_at;
  return (
    <Empty
      text={at ? `${t('overview.calm')} ${t('overview.next', { time: when(at, true) })}` : t('overview.calm')}
    />
  );
}

export function DeskEmpty({ filters, own, changed, onChange, onReset }: Props) {
  const { t } = useTranslation();
  const options = useFilterOptions(none);
  const wordsOf = useChipWords(options);
  if (urgent(filters)) return <Calm filters={filters} />;
  if (!changed)
    return (
      <Empty text={t('orders.empty')}>
        <LastImports filters={filters} />
      </Empty>
    );
  const chips = chipNames.flatMap((name) => {
    const words = wordsOf(name, filters);
    return words && words !== wordsOf(name, own) ? [{ name, label: `${t(`filter.${name}`)}: ${words}` }] : [];
  });
  return (
    <Empty text={t('orders.nothing')}>
      <div className="row row-wrap" data-testid="empty-filters">
        {filters.q && (
          <button type="button" className="chip chip-remove" onClick={() => onChange({ ...filters, q: '' })}>
            {filters.q}
            <IconX size={12} stroke={2} aria-hidden />
          </button>
        )}
        {chips.map(({ name, label }) => (
          <button
            key={name}
            type="button"
            className="chip chip-remove"
            aria-label={t('filter.remove', { name: label })}
            onClick={() => onChange(without(filters, name))}
          >
            {label}
            <IconX size={12} stroke={2} aria-hidden />
          </button>
        ))}
      </div>
      <Button onClick={onReset}>{t('do.reset')}</Button>
    </Empty>
  );
}
const none: readonly string[] = [];
