import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { ReactNode } from 'react';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { Page, ReturnRow } from '../../api/types';
import { formatCount } from '../../base/format';
import { useMay } from '../../base/shop';
import { Bones, ErrorState, Money, useLang, When } from '../bits';
import { ChannelBadge } from '../ChannelBadge';
import { SlaChip } from '../SlaChip';
import { ReturnStateChip, useReasonText } from './state';
import './box.css';

interface Props {
  /** Of an order, or of a person: `order_id=7`. */
  query: string;
  /** The button that makes one. */
  children?: ReactNode;
  /** Of several orders: each says which one it was. */
  several?: boolean;
}

/** The returns of an order or of a person, the newest first. */
export function ReturnsBox({ query, children, several }: Props) {
  const { t } = useTranslation();
  const lang = useLang();
  const may = useMay();
  const reason = useReasonText();
  const sees = may('returns.see');
  const list = useQuery({
    queryKey: keys.returnList(query),
    queryFn: ({ signal }) => get<Page<ReturnRow>>('/api/returns', `${query}&limit=20`, signal),
    enabled: sees,
  });
  if (!sees) return null;
  const rows = list.data?.items ?? [];
  return (
    <section className="card" data-testid="returns-box">
      <div className="card-head">
        <h2 className="grow">
          {t('nav.returns')}{' '}
          {rows.length > 0 && (
            <span className="quiet num returns-box-count">
              {formatCount(rows.length, lang)}
              {list.data?.next ? '+' : ''}
            </span>
          )}
        </h2>
        {children}
      </div>
      {list.error && !list.data ? (
        <ErrorState error={list.error} retry={() => void list.refetch()} />
      ) : !list.data ? (
        <div className="card-body">
          <Bones lines={2} />
        </div>
      ) : rows.length === 0 ? (
        <div className="card-body quiet">{t('returns.box_none')}</div>
      ) : (
        <ul className="returns-box">
          {rows.map((r) => (
            <li key={r.id}>
              <Link to="/returns/$id" params={{ id: r.id }}>
                <span className="row">
                  {several && <ChannelBadge channel={r.channel} size={17} />}
                  <span className="cut strong grow">
                    {r.kind === 'return' ? reason(r.reason) : t(`return_kind.${r.kind}`)}
                    {r.title && <span className="returns-box-title">{r.title}</span>}
                  </span>
                  <Money value={r.refund_amount} currency={r.currency} strong />
                </span>
                <span className="row">
                  <ReturnStateChip state={r.state} native={r.external_state} />
                  {r.deadline_at && <SlaChip due={r} />}
                  <span className="caption end">
                    <When at={r.requested_at} />
                  </span>
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
