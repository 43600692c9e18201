import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { CustomerTotals } from '../../api/types';
import { formatCount } from '../../base/format';
import { Money, useLang } from '../../ui/bits';

/** What the list comes to. It is asked for beside the list, which does not wait for it. */
export function Totals({ query }: { query: string }) {
  const { t } = useTranslation();
  const lang = useLang();
  const { data } = useQuery({
    queryKey: keys.customers(`totals?${query}`),
    queryFn: ({ signal }) => get<CustomerTotals>('/api/customers/totals', query, signal),
  });
  if (!data?.count) return null;
  const n = formatCount(data.count, lang);
  return (
    <span className="customer-totals caption" data-testid="totals">
      {data.count_is_floor
        ? t('customers.total_floor', { n })
        : t('customers.total', { count: data.count, n })}
      {data.sums.map((s) => (
        <span key={s.currency}>
          {' · '}
          <Money value={s.sum} currency={s.currency} />
        </span>
      ))}
    </span>
  );
}
