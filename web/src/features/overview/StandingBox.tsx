import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { StandingFigure } from '../../api/types';
import { ChannelBadge } from '../../ui/ChannelBadge';
import { Bones } from '../../ui/bits';
import { FigureValue, StateIcon, useStanding, useUntilWords } from '../analytics/StandingReport';

const worst = { over: 0, near: 1, ok: 2, unknown: 3 };
const rank = (line: StandingFigure) => worst[line.state] * 2 + (line.value === null ? 1 : 0);

/** The figure that is nearest to a limit, of each account; the rest is a click away. */
export function StandingBox() {
  const { t } = useTranslation();
  const until = useUntilWords();
  const items = useStanding().data?.items;
  return (
    <section className="card">
      <div className="card-head">
        <h2 className="grow">{t('block.standing')}</h2>
        <Link to="/analytics/$report" params={{ report: 'standing' }}>
          {t('standing.open')}
        </Link>
      </div>
      {!items && <Bones lines={3} />}
      <div className="lines-list">
        {items?.map((item) => {
          const line = item.figures.toSorted((a, b) => rank(a) - rank(b))[0];
          if (!line) return null;
          return (
            <Link
              key={item.account_id}
              to="/analytics/$report"
              params={{ report: 'standing' }}
              className="line"
              data-testid="standing-row"
            >
              <ChannelBadge channel={item.channel} />
              <span className="grow">
                <span className="strong cut line-block">{item.name}</span>
                <span className="caption line-block">
                  {line.value === null ? until(line) : `${t(`standing.${line.figure}`)}: ${until(line)}`}
                </span>
              </span>
              <FigureValue line={line} />
              <StateIcon state={line.state} />
            </Link>
          );
        })}
      </div>
    </section>
  );
}
