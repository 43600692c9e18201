import { useTranslation } from 'react-i18next';
import type { ReturnCard } from '../../api/types';
import { When } from '../../ui/bits';

const stages = ['request', 'check', 'approved', 'money'] as const;

/** Request, check, decision, money: where it is, and when it passed. */
export function ReturnPath({ card }: { card: ReturnCard }) {
  const { t } = useTranslation();
  const refused = ['rejected', 'rejected_after_check', 'cancelled', 'expired'].includes(card.state);
  const here = card.stage === 'closed' ? (refused ? -1 : stages.length) : stages.indexOf(card.stage);
  const times = [card.requested_at, null, card.decided_at, card.refunded_at];
  return (
    <ol className="path card ret-path" aria-label={t('returns.path')}>
      {stages.map((stage, i) => (
        <li key={stage} data-done={i < here || undefined} aria-current={i === here ? 'step' : undefined}>
          <span className="path-bar">{i === here && <span style={{ width: '50%' }} />}</span>
          <span className={i <= here ? 'strong cut' : 'soft cut'}>{t(`return_stage.${stage}`)}</span>
          <span className="caption">{times[i] ? <When at={times[i]} time /> : ''}</span>
        </li>
      ))}
    </ol>
  );
}
