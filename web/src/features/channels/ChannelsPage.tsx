import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { Account } from '../../api/types';
import { itemsOf } from '../../base/items';
import { Bones, Empty, ErrorState, When } from '../../ui/bits';
import { ChannelBadge } from '../../ui/ChannelBadge';
import { AccountPage } from './AccountPage';
import { AccountState } from './AccountState';
import { ConnectWizard } from './ConnectWizard';
import './channels.css';

export default function ChannelsPage({ id }: { id?: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const accounts = useQuery({
    queryKey: keys.accounts,
    queryFn: async () => itemsOf(await get<Account[]>('/api/accounts')),
    refetchInterval: 20_000,
  });
  if (id === 'new') return <ConnectWizard />;
  const one = accounts.data?.find((a) => a.id === id);
  if (one) return <AccountPage account={one} />;
  const connect = () =>
    void navigate({ to: '/settings/$section/$id', params: { section: 'channels', id: 'new' } });
  return (
    <>
      <div className="settings-head">
        <p className="soft grow">{t('channels.intro')}</p>
        <Button
          variant="filled"
          size="md"
          leftSection={<IconPlus size={16} stroke={1.9} />}
          onClick={connect}
          data-testid="connect"
        >
          {t('channels.connect')}
        </Button>
      </div>
      {accounts.error ? (
        <ErrorState error={accounts.error} retry={() => void accounts.refetch()} />
      ) : !accounts.data ? (
        <Bones lines={4} height={44} />
      ) : accounts.data.length === 0 ? (
        <Empty text={t('channels.none')}>
          <Button variant="filled" onClick={connect}>
            {t('channels.connect')}
          </Button>
        </Empty>
      ) : (
        <section className="card table-scroll">
          <table className="table table-cards">
            <thead>
              <tr>
                <th>{t('channels.account')}</th>
                <th>{t('channels.state')}</th>
                <th>{t('channels.last')}</th>
                <th className="right">{t('channels.today')}</th>
                <th className="right">{t('channels.parked')}</th>
                <th className="right">{t('channels.dead')}</th>
              </tr>
            </thead>
            <tbody>
              {accounts.data.map((a) => (
                <tr key={a.id}>
                  <td>
                    <Link
                      to="/settings/$section/$id"
                      params={{ section: 'channels', id: a.id }}
                      className="row strong"
                    >
                      <ChannelBadge channel={a.channel} />
                      {a.name}
                      {a.mode === 'read_only' && <span className="chip">{t('mode.read_only')}</span>}
                    </Link>
                  </td>
                  <td data-label={t('channels.state')}>
                    <AccountState account={a} />
                  </td>
                  <td data-label={t('channels.last')}>
                    <When at={a.last_ok_at} />
                  </td>
                  <td className="right num" data-label={t('channels.today')}>
                    {a.orders_today}
                  </td>
                  <td className="right num" data-label={t('channels.parked')}>
                    {a.parked > 0 ? (
                      <span className="chip chip-amber">{a.parked}</span>
                    ) : (
                      <span className="quiet">0</span>
                    )}
                  </td>
                  <td className="right num" data-label={t('channels.dead')}>
                    {a.dead > 0 ? (
                      <Link
                        to="/settings/$section"
                        params={{ section: 'outbox' }}
                        className="chip chip-red"
                        aria-label={t('waiting.dead', { count: a.dead })}
                      >
                        {a.dead}
                      </Link>
                    ) : (
                      <span className="quiet">0</span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}
