import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Overview } from '../../api/types';
import { formatCount } from '../../base/format';
import { useShop } from '../../base/shop';
import { Money, useLang } from '../../ui/bits';

/** Where orders stand now: each line is the list of that step. */
export function PathNow({ path }: { path: Overview['path'] }) {
  const { t, i18n } = useTranslation();
  const lang = useLang();
  const shop = useShop();
  // What is delivered or completed is not under way any more.
  const steps = path.filter((p) => p.status !== 'completed' && p.status !== 'delivered');
  const most = Math.max(1, ...steps.map((p) => p.count));
  const all = steps.reduce((n, p) => n + p.count, 0);
  return (
    <section className="card" aria-label={t('overview.path')}>
      <div className="card-head">
        <h2 className="grow">{t('overview.path')}</h2>
        <Link to="/orders/board" className="quiet num">
          {t('overview.in_work', { n: formatCount(all, lang) })}
        </Link>
      </div>
      <div className="card-body path-now">
        {steps.map((p, i) => (
          <Link key={p.status} to="/orders" search={{ status: p.status }} className="path-row">
            <span className="soft cut">
              {i18n.exists(`path.${p.status}`) ? t(`path.${p.status}`) : t(`status.${p.status}`)}
            </span>
            <span className="path-track">
              <span style={{ width: `${(p.count / most) * 100}%`, opacity: 1 - i * 0.13 }} />
            </span>
            <b className="num">{formatCount(p.count, lang)}</b>
            <span className="quiet path-sum">
              <Money value={p.sum} currency={shop.currency} />
            </span>
          </Link>
        ))}
      </div>
    </section>
  );
}
