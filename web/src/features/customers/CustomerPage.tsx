import { ActionIcon } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useRouter } from '@tanstack/react-router';
import { IconArrowLeft } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { CustomerCard } from '../../api/types';
import { formatCount, formatNumber, formatPhone } from '../../base/format';
import { useHotkeys } from '../../base/hotkeys';
import { lastOpened } from '../../base/lastOpened';
import { useAccountChannel } from '../../base/shop';
import { Bones, Card, ErrorState, Money, Person, useLang, When } from '../../ui/bits';
import { ChannelBadge, useChannelTitle } from '../../ui/ChannelBadge';
import { StatusChip } from '../../ui/status';
import './customer.css';

export default function CustomerPage() {
  const { t } = useTranslation();
  const lang = useLang();
  const title = useChannelTitle();
  const channelOf = useAccountChannel();
  const router = useRouter();
  const { id = '' } = useParams({ strict: false });
  const card = useQuery({
    queryKey: keys.customer(id),
    queryFn: () => get<CustomerCard>(`/api/customers/${id}`),
  });
  const c = card.data;
  useEffect(() => {
    if (c) lastOpened.add({ to: `/customers/${c.id}`, title: c.name });
  }, [c]);
  const back = () =>
    router.history.canGoBack() ? router.history.back() : void router.navigate({ to: '/customers' });
  useHotkeys({ Escape: back });
  if (card.error) return <ErrorState error={card.error} retry={() => void card.refetch()} />;
  if (!c) return <Bones lines={8} height={26} />;
  const figures: [string, React.ReactNode][] = [
    ['orders', formatCount(c.orders_count, lang)],
    ['sum', <Money key="sum" value={c.net_spent ?? null} currency={c.currency} strong />],
    ['first', <When key="first" at={c.first_order_at} />],
    ['last', <When key="last" at={c.last_order_at} />],
  ];
  return (
    <div className="scroll-page">
      <div className="page-head">
        <ActionIcon aria-label={t('do.back')} onClick={back}>
          <IconArrowLeft size={18} stroke={1.75} />
        </ActionIcon>
        <Person name={c.name} size={36} />
        <div>
          <h1>{c.name}</h1>
          <div className="soft num">
            {[c.phone ? formatPhone(c.phone) : t('order.phone_hidden'), c.email, c.city]
              .filter(Boolean)
              .join(' · ')}
          </div>
        </div>
        <span className="end row">
          {c.channels.map((name) => (
            <ChannelBadge key={name} channel={name} />
          ))}
        </span>
      </div>
      <div className="customer">
        <section className="card customer-figures">
          {figures.map(([name, value]) => (
            <div key={name}>
              <div className="caption">{t(`customer.${name}`)}</div>
              <div className="customer-value num">{value}</div>
            </div>
          ))}
        </section>
        <div className="customer-two">
          <section className="card">
            <div className="card-head">
              <h2>{t('nav.orders')}</h2>
              <span className="quiet num">{c.orders.length}</span>
            </div>
            <div className="table-scroll">
              <table className="table">
                <tbody>
                  {c.orders.map((o) => (
                    <tr key={o.id}>
                      <td>
                        <span className="row">
                          <ChannelBadge channel={o.channel} />
                          <Link to="/orders/$id" params={{ id: o.id }} className="num">
                            {formatNumber(o.number)}
                          </Link>
                        </span>
                      </td>
                      <td className="soft">{o.title}</td>
                      <td>
                        <StatusChip status={o.status} native={o.external_status} />
                      </td>
                      <td className="right">
                        <Money value={o.total} currency={o.currency} strong />
                      </td>
                      <td className="right quiet">
                        <When at={o.placed_at} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </section>
          <Card title={t('customer.sources', { count: c.sources.length })}>
            <div className="stack">
              {c.sources.map((s) => (
                <div key={s.id} className="source">
                  <ChannelBadge channel={channelOf(s.account_id)} />
                  <div className="grow">
                    <div className="strong">
                      {s.name} <span className="caption">{title(channelOf(s.account_id))}</span>
                    </div>
                    <div className="soft">
                      {[s.phone ? formatPhone(s.phone) : null, s.email, s.address]
                        .filter(Boolean)
                        .join(' · ')}
                    </div>
                    <div className="caption">
                      {s.masked
                        ? t('customer.masked')
                        : s.rule
                          ? t(`match.${s.rule}`, { defaultValue: s.rule })
                          : t('match.first')}{' '}
                      · <When at={s.first_seen} />
                    </div>
                  </div>
                </div>
              ))}
            </div>
          </Card>
        </div>
      </div>
    </div>
  );
}
