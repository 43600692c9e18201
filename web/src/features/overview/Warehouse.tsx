import { Link } from '@tanstack/react-router';
import { IconBasket, IconPackage, IconTruckDelivery } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { HubStatus, Overview } from '../../api/types';
import { formatCount } from '../../base/format';
import { useLang } from '../../ui/bits';

const steps: [HubStatus, typeof IconBasket][] = [
  ['confirmed', IconBasket],
  ['assembling', IconPackage],
  ['ready_to_ship', IconTruckDelivery],
];

/** What the warehouse has before it: to take, in hand, to give away. */
export function Warehouse({ path }: { path: Overview['path'] }) {
  const { t } = useTranslation();
  const lang = useLang();
  return (
    <section className="card" aria-label={t('block.warehouse')}>
      <div className="card-head">
        <h2 className="grow">{t('block.warehouse')}</h2>
        <Link to="/orders/board">{t('nav.board')}</Link>
      </div>
      <div className="lines-list">
        {steps.map(([status, Icon], i) => (
          <Link key={status} to="/orders" search={{ status }} className="line">
            <span className="tile tile-big" data-tint={i} aria-hidden>
              <Icon size={16} stroke={1.75} />
            </span>
            <span className="grow strong">{t(`warehouse.${status}`)}</span>
            <b className="num">{formatCount(path.find((p) => p.status === status)?.count ?? 0, lang)}</b>
          </Link>
        ))}
      </div>
    </section>
  );
}
