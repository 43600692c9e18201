import { useEffect } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import type { OrderCard } from '../../api/types';
import { serverClock } from '../../base/clock';
import { formatCount } from '../../base/format';
import { useSession } from '../../base/shop';
import { useChannelTitle } from '../../ui/ChannelBadge';
import { useLang, useWhen } from '../../ui/bits';
import './print.css';

/** The picking sheet, seen by the printer alone: what to take, and a box to tick. No contacts, no prices. */
export function PrintSheet({ order, onDone }: { order: OrderCard; onDone: () => void }) {
  const { t } = useTranslation();
  const lang = useLang();
  const when = useWhen();
  const session = useSession();
  const channel = useChannelTitle()(order.channel);
  useEffect(() => {
    window.addEventListener('afterprint', onDone, { once: true });
    const timer = setTimeout(() => window.print(), 50);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('afterprint', onDone);
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once
  }, []);
  const now = new Date(serverClock.now()).toISOString();
  return createPortal(
    <div className="print-sheet" data-testid="print-sheet">
      <header>
        <div>
          <div>{session.shop.name}</div>
          <strong className="print-number">{order.number}</strong>
          <div>{channel}</div>
        </div>
        <div className="print-right">
          <div>{t('doc.sheet')}</div>
          {order.deadline_at && <div>{t('order.until', { time: when(order.deadline_at, true) })}</div>}
          {order.delivery.city && <div>{order.delivery.city}</div>}
        </div>
      </header>
      <table>
        <thead>
          <tr>
            <th aria-label={t('doc.taken')} />
            <th>{t('order.product')}</th>
            <th>{t('doc.code')}</th>
            <th className="print-right">{t('order.qty')}</th>
          </tr>
        </thead>
        <tbody>
          {order.lines.map((line) => (
            <tr key={line.line}>
              <td>
                <span className="print-box" />
              </td>
              <td>
                {line.title}
                {line.marking_required && <div>{t('order.marking')}</div>}
              </td>
              <td>
                {line.article}
                <div>{line.barcode}</div>
              </td>
              <td className="print-right print-qty">{formatCount(line.qty, lang)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {order.comment && <p>{order.comment}</p>}
      <footer>{t('doc.printed', { time: when(now, true), name: session.user.name })}</footer>
    </div>,
    document.body,
  );
}
