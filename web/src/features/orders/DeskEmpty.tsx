import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { Page, QueueRow } from '../../api/types';
import { useWhen } from '../../ui/bits';
import { EmptyDone, EmptyFiltered, EmptyFirst } from '../../ui/states';
import { useChipWords, without } from './OrderChip';
import { chipNames, useFilterOptions } from './filterOptions';
import { LastImports } from './Fresh';
import { toQuery, type Filters } from './address';

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
    <EmptyDone
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
      <EmptyFirst text={t('orders.empty')}>
        <LastImports filters={filters} />
      </EmptyFirst>
    );
  const chips = chipNames.flatMap((name) => {
    const words = wordsOf(name, filters);
    if (!words || words === wordsOf(name, own)) return [];
    const text = `${t(`filter.${name}`)}: ${words}`;
    return [{ name: name as string, text, remove: () => onChange(without(filters, name)) }];
  });
  if (filters.q) chips.unshift({ name: 'q', text: filters.q, remove: () => onChange({ ...filters, q: '' }) });
  return <EmptyFiltered filters={chips} onReset={onReset} />;
}
const none: readonly string[] = [];
