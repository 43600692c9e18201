import { SegmentedControl } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

export type ReturnSide = 'decision' | 'goods' | 'claims';

/** How returns are looked at: how far the decision is, where the goods are, and what we claim for them. */
export function ReturnSwitch({
  at,
  onChoose,
}: {
  at: ReturnSide;
  onChoose?: (side: 'decision' | 'goods') => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const go = (side: ReturnSide) => {
    if (side === 'claims') void navigate({ to: '/returns/claims' });
    else if (onChoose) onChoose(side);
    else void navigate({ to: '/returns', search: side === 'goods' ? { view: 'here' } : {} });
  };
  return (
    <span className="end ret-switch">
      <SegmentedControl
        size="xs"
        value={at}
        onChange={(v) => go(v as ReturnSide)}
        aria-label={t('returns.views')}
        data={[
          { value: 'decision', label: t('returns.by_decision') },
          { value: 'goods', label: t('returns.by_goods') },
          { value: 'claims', label: t('returns.claims') },
        ]}
      />
    </span>
  );
}
