import { useTranslation } from 'react-i18next';
import type { IdentitySummary } from '../../api/types';
import { formatCount } from '../../base/format';
import { ChannelBadge } from '../../ui/ChannelBadge';
import { useLang } from '../../ui/bits';

/** Of how many newest orders the buyer is known by phone or e-mail: markets that hide them show it here. */
export function Shares({ summary }: { summary: IdentitySummary | undefined }) {
  const { t } = useTranslation();
  const lang = useLang();
  if (!summary?.identified.length) return null;
  return (
    <div className="customer-shares caption" data-testid="shares" title={t('customers.known_hint')}>
      <span>{t('customers.known')}</span>
      {summary.identified.map((s) => (
        <span key={s.account_id} className="row">
          <ChannelBadge channel={s.channel} size={15} />
          {s.name}{' '}
          <span className="num">
            {t('overview.percent', { n: formatCount(Math.round(s.share_bp / 100), lang) })}
          </span>
        </span>
      ))}
    </div>
  );
}
