import { useTranslation } from 'react-i18next';
import { EmptyDone, EmptyFiltered, EmptyFirst } from '../../ui/states';
import { flagNames, listNames, useReturnOptions } from './filterOptions';
import type { Filters, ViewName } from './query';

interface Props {
  view: ViewName;
  filters: Filters;
  onChange: (next: Filters) => void;
}

export function ReturnsEmpty({ view, filters, onChange }: Props) {
  const { t } = useTranslation();
  const options = useReturnOptions();
  const chips = Object.keys(filters).map((key) => {
    const name = key as keyof Filters;
    const list = listNames.find((n) => n === name);
    const flag = flagNames.find((n) => n === name);
    const value = filters[name] ?? '';
    const words = list
      ? value
          .split(',')
          .map((v) => options[list].find((o) => o.value === v)?.label ?? v)
          .join(', ')
      : value;
    return {
      name,
      text: flag
        ? t(`return_filter.${flag}`)
        : list
          ? `${t(`return_filter.${list}`)}: ${words}`
          : `${t('returns.find')}: ${words}`,
      remove: () => onChange({ ...filters, [name]: undefined }),
    };
  });
  if (chips.length) return <EmptyFiltered filters={chips} onReset={() => onChange({})} />;
  if (view === 'all') return <EmptyDone text={t('returns.none_open')} next={t('returns.none_open_hint')} />;
  return <EmptyFirst text={t('returns.none_here')} />;
}
