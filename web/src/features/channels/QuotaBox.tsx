import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { Account, QuotaRow } from '../../api/types';
import { itemsOf } from '../../base/items';
import { Bones, Card, When } from '../../ui/bits';

export function QuotaBox({ account }: { account: Account }) {
  const { t } = useTranslation();
  const quota = useQuery({
    queryKey: keys.quota(account.id),
    queryFn: async () => itemsOf(await get<QuotaRow[]>(`/api/accounts/${account.id}/quota`)),
    refetchInterval: 10_000,
  });
  return (
    <Card title={t('channels.exchange')}>
      <dl className="facts">
        <dt>{t('channels.last')}</dt>
        <dd>
          <When at={account.last_ok_at} />
        </dd>
        <dt>{t('channels.next')}</dt>
        <dd>
          <When at={account.next_poll_at} />
        </dd>
        <dt>{t('channels.today')}</dt>
        <dd className="num">{account.orders_today}</dd>
      </dl>
      <h3 className="quota-title">{t('channels.quota')}</h3>
      {!quota.data ? (
        <Bones lines={2} />
      ) : (
        quota.data.map((q) => (
          <div key={q.family} className="quota">
            <div className="row">
              <span className="grow cut">{q.family}</span>
              <span className="num soft">
                {t('channels.quota_used', { used: q.used, all: q.per_minute })}
              </span>
            </div>
            <div className="quota-bar" data-full={q.left === 0}>
              <span style={{ width: `${Math.min(100, (q.used / Math.max(1, q.per_minute)) * 100)}%` }} />
            </div>
            {(q.waiting > 0 || q.blocked_until) && (
              <div className="caption">
                {q.waiting > 0 && t('channels.waiting', { count: q.waiting })}
                {q.blocked_until && (
                  <>
                    {' '}
                    {t('channels.blocked')} <When at={q.blocked_until} />
                  </>
                )}
              </div>
            )}
          </div>
        ))
      )}
    </Card>
  );
}
