import { NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../base/shop';
import { useTagNames } from './useTags';

/** What the address may ask for, by the names of the server. */
export const filterNames = ['city', 'orders_count_from', 'net_spent_from', 'tag'] as const;
type FilterName = Exclude<(typeof filterNames)[number], 'tag'>;
const sorts = ['-last_order_at', '-net_spent', '-first_order_at'] as const;

interface Props {
  filters: Partial<Record<FilterName | 'tag', string>>;
  sort: string;
  go: (change: Record<string, string>) => void;
}

/** Filters of the list; each is a part of the address. */
export function ListFilters({ filters, sort, go }: Props) {
  const { t } = useTranslation();
  const may = useMay();
  const names = useTagNames();
  const tag = filters.tag ?? '';
  return (
    <>
      <Filter name="city" value={filters.city ?? ''} go={go} width={130} />
      <Filter name="orders_count_from" value={filters.orders_count_from ?? ''} go={go} width={110} />
      {may('prices.see') && (
        <Filter name="net_spent_from" value={filters.net_spent_from ?? ''} go={go} width={120} />
      )}
      {(names.length > 0 || tag) && (
        <NativeSelect
          size="sm"
          maw={170}
          aria-label={t('customers.filter_tag')}
          value={tag}
          onChange={(e) => go({ tag: e.currentTarget.value })}
          data={[
            { value: '', label: t('customers.filter_tag') },
            ...[...new Set(tag ? [tag, ...names] : names)].map((value) => ({ value, label: value })),
          ]}
        />
      )}
      <NativeSelect
        size="sm"
        aria-label={t('customers.sort')}
        value={sort}
        onChange={(e) =>
          go({ sort: e.currentTarget.value === '-last_order_at' ? '' : e.currentTarget.value })
        }
        data={sorts
          .filter((name) => name !== '-net_spent' || may('prices.see'))
          .map((value) => ({ value, label: t(`customers.sort_${value.slice(1)}`) }))}
      />
    </>
  );
}

interface FilterProps {
  name: FilterName;
  value: string;
  go: Props['go'];
  width: number;
}

function Filter({ name, value, go, width }: FilterProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(value.replace(/\.00$/, ''));
  const number = name !== 'city';
  const send = useDebouncedCallback((v: string) => {
    if (!number) go({ [name]: v.trim() });
    else {
      const digits = v.replace(/\D/g, '');
      go({ [name]: digits && name === 'net_spent_from' ? `${digits}.00` : digits });
    }
  }, 400);
  return (
    <TextInput
      size="sm"
      w={width}
      value={text}
      inputMode={number ? 'numeric' : undefined}
      placeholder={t(`customers.filter_${name}`)}
      aria-label={t(`customers.filter_${name}`)}
      onChange={(e) => {
        setText(e.currentTarget.value);
        send(e.currentTarget.value);
      }}
    />
  );
}
