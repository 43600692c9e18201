import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { IconEraser } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/client';
import type { EraseRequest, Page } from '../../api/types';
import { When } from '../../ui/bits';

/** Those who are asked to be forgotten and wait for a second person: the law gives days, not weeks. */
export function EraseRequests() {
  const { t } = useTranslation();
  const list = useQuery({
    queryKey: ['customers', 'erase-requests'],
    queryFn: () => get<Page<EraseRequest>>('/api/erase-requests', 'state=waiting'),
  });
  const waiting = list.data?.items ?? [];
  if (!waiting.length) return null;
  return (
    <div className="notice customer-asked" data-testid="erase-requests">
      <IconEraser size={16} stroke={1.75} aria-hidden />
      <span>{t('identity.erase_waits', { count: waiting.length })}</span>
      {waiting.slice(0, 5).map((r) => (
        <Link key={r.id} to="/customers/$id" params={{ id: r.customer_id }}>
          {t(`identity.erase_reason_${r.reason}`)}, {r.asked_name}, <When at={r.at} />
        </Link>
      ))}
    </div>
  );
}
