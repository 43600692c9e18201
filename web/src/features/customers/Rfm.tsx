import { useTranslation } from 'react-i18next';
import type { CustomerRow } from '../../api/types';

/** Three scores in one word, and what they come to; a dash where there is nothing to score. */
export function Rfm({ rfm }: { rfm: CustomerRow['rfm'] }) {
  const { t } = useTranslation();
  if (!rfm) return <span className="quiet">—</span>;
  const { recency: r, frequency: f, money: m, segment } = rfm;
  return (
    <span className="row" title={t('identity.rfm_hint', { r, f, m })}>
      <span className="num soft">
        {r}
        {f}
        {m}
      </span>
      <span className="cut">{t(`identity.segment_${segment}`)}</span>
    </span>
  );
}
