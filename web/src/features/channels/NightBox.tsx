import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { Account, Night } from '../../api/types';
import { itemsOf } from '../../base/items';
import { Card, When } from '../../ui/bits';

/** What the last night found that had been missed by day, and put right. A market is read in several lists; each has its row. */
export function NightBox({ account }: { account: Account }) {
  const { t, i18n } = useTranslation();
  const nights = useQuery({
    queryKey: keys.nights(account.id),
    queryFn: async () => itemsOf(await get<Night[]>(`/api/accounts/${account.id}/nights`)),
  });
  if (!nights.data) return null;
  const found = nights.data.flatMap((n) => n.orders.map((o) => ({ ...o, at: n.started_at })));
  const why = (code: string) => {
    const key = `problem.${code.replaceAll('.', '_')}`;
    return i18n.exists(key) ? t(key) : code;
  };
  const list = (stream: string) => (i18n.exists(`night.list_${stream}`) ? t(`night.list_${stream}`) : stream);
  return (
    <Card title={t('night.title')}>
      <p className="caption">{t('night.hint')}</p>
      {nights.data.length === 0 ? (
        <p className="soft" data-testid="night-none">
          {t('night.none')}
        </p>
      ) : (
        <div className="table-scroll">
          <table className="table" data-testid="nights">
            <thead>
              <tr>
                <th>{t('night.when')}</th>
                <th className="right">{t('night.read')}</th>
                <th className="right">{t('night.missing')}</th>
                <th className="right">{t('night.changed')}</th>
                <th className="right">{t('night.repaired')}</th>
                <th className="right">{t('night.parked')}</th>
              </tr>
            </thead>
            <tbody>
              {nights.data.map((n) => (
                <tr key={n.id}>
                  <td>
                    <When at={n.started_at} /> <span className="quiet">{list(n.stream)}</span>
                    {n.state === 'failed' && n.code && <div className="caption">{why(n.code)}</div>}
                  </td>
                  <td className="right num">{n.read}</td>
                  <td className="right num">{n.missing}</td>
                  <td className="right num">{n.changed}</td>
                  <td className="right num">{n.repaired}</td>
                  <td className="right num">{n.parked}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {found.length > 0 && (
        <div className="table-scroll night-found">
          <table className="table" data-testid="night-orders">
            <caption>{t('night.found')}</caption>
            <tbody>
              {found.map((o) => (
                <tr key={`${o.at} ${o.order_id}`}>
                  <td>
                    <Link to="/orders/$id" params={{ id: o.order_id }} className="strong num">
                      {o.number}
                    </Link>
                  </td>
                  <td>{t(`night.kind_${o.kind}`)}</td>
                  <td className="soft">
                    {o.was
                      ? t('history.became', { from: t(`status.${o.was}`), to: t(`status.${o.became}`) })
                      : t(`status.${o.became}`)}
                  </td>
                  <td className="quiet right">
                    <When at={o.at} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}
