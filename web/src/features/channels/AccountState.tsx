import { IconAlertTriangle, IconCloudCheck, IconKey, IconPlayerPause } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Account } from '../../api/types';
import { serverClock } from '../../base/clock';
import { useSpan } from '../../ui/bits';
import { lagOf } from '../../ui/channel';

export function AccountState({ account }: { account: Account }) {
  const { t } = useTranslation();
  const span = useSpan();
  const lag = lagOf(account, serverClock.now());
  const late = (lag ?? 0) > 300 || account.state === 'degraded';
  if (account.state === 'paused')
    return (
      <span className="chip">
        <IconPlayerPause size={13} stroke={1.9} aria-hidden /> {t('account.paused')}
      </span>
    );
  if (account.state === 'auth_failed')
    return (
      <span className="chip chip-red">
        <IconKey size={13} stroke={1.9} aria-hidden /> {t('account.auth_failed')}
      </span>
    );
  if (late)
    return (
      <span className="chip chip-amber">
        <IconAlertTriangle size={13} stroke={1.9} aria-hidden />{' '}
        {lag === null ? t('account.degraded') : t('account.late', { span: span(lag) })}
      </span>
    );
  return (
    <span className="chip chip-green">
      <IconCloudCheck size={13} stroke={1.9} aria-hidden />{' '}
      {lag === null ? t('account.waits') : t('account.alive', { span: span(lag) })}
    </span>
  );
}
