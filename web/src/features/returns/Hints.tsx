import { Link } from '@tanstack/react-router';
import { IconPackage, IconQuestionMark } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { ReturnReasons } from '../../api/types';
import { useMay } from '../../base/shop';
import { useChannelTitle } from '../../ui/ChannelBadge';
import { useReturnCounts } from './query';

export const useReasons = (enabled = true) =>
  useQuery({
    queryKey: keys.returnReasons,
    queryFn: ({ signal }) => get<ReturnReasons>('/api/returns/reasons', undefined, signal),
    enabled,
  });

/** What would be overlooked: goods that lie here without a decision, and words of a market that nobody has explained. Each card leads to
 *  its rows; with nothing to tell there is no card. */
export function Hints({ forgotten }: { forgotten: boolean }) {
  const { t } = useTranslation();
  const may = useMay();
  const channel = useChannelTitle();
  const left = useReturnCounts('forgotten=1', !forgotten).data?.total.count ?? 0;
  const word = useReasons().data?.unexplained.toSorted((a, b) => b.count - a.count)[0];
  if (!left && !word) return null;
  return (
    <div className="ret-hints">
      {left > 0 && !forgotten && (
        <section className="card ret-hint">
          <span className="tile tile-big" data-tint={1} aria-hidden>
            <IconPackage size={16} stroke={1.75} />
          </span>
          <span className="ret-two grow">
            <span className="strong">{t('returns.forgotten', { count: left })}</span>
            <span className="caption">{t('returns.forgotten_hint')}</span>
          </span>
          <Link to="/returns" search={{ forgotten: '1' }}>
            {t('toast.show')}
          </Link>
        </section>
      )}
      {word && (
        <section className="card ret-hint">
          <span className="tile tile-big" data-tint={3} aria-hidden>
            <IconQuestionMark size={16} stroke={1.75} />
          </span>
          <span className="ret-two grow">
            <span className="strong cut">
              {t('returns.native', { channel: channel(word.channel), word: word.native })}
            </span>
            <span className="caption">{t('returns.word_hint', { count: word.count })}</span>
          </span>
          {may('settings') ? (
            <Link to="/settings/$section" params={{ section: 'returns' }}>
              {t('returns.explain')}
            </Link>
          ) : (
            <Link to="/returns" search={{ unexplained: '1' }}>
              {t('toast.show')}
            </Link>
          )}
        </section>
      )}
    </div>
  );
}
