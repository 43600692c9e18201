import { IconRobot } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClaimRow } from '../../../api/types';
import { Money, When } from '../../../ui/bits';
import { ChannelBadge } from '../../../ui/ChannelBadge';
import type { GridColumn } from '../../../ui/DataGrid';
import { BuyerName } from '../../../ui/people';
import { SlaChip, type Due } from '../../../ui/SlaChip';
import { claimNumber, ClaimStateChip, useSubjectText } from './ClaimBoxes';

export const dueOf = (row: ClaimRow): Due => ({
  zone: row.zone,
  deadline_at: row.deadline_at,
  deadline_step: 'answer_claim',
  yellow_at: row.yellow_at,
  red_at: row.red_at,
  channel: row.channel,
});

function About({ row }: { row: ClaimRow }) {
  const { t } = useTranslation();
  const subject = useSubjectText();
  return (
    <span className="ret-two">
      <span className="row ret-reason">
        <span className="cut strong">{subject(row.subject)}</span>
        {row.found && (
          <IconRobot size={14} stroke={1.9} className="quiet" role="img" aria-label={t('claims.found')} />
        )}
      </span>
      <span className="caption cut">{row.title || t(`claim_side.${row.side}`)}</span>
    </span>
  );
}

function Order({ row }: { row: ClaimRow }) {
  const { t } = useTranslation();
  return (
    <>
      <ChannelBadge channel={row.channel} />
      <span className="ret-two">
        <span className="num strong cut">{claimNumber(row) || t('claims.no_order')}</span>
        {row.order_id && <BuyerName name={row.customer_name} className="cut caption" />}
      </span>
    </>
  );
}

export function useClaimColumns(prices: boolean): GridColumn<ClaimRow>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        id: 'deadline',
        header: t('column.deadline'),
        width: '82px',
        cell: (r: ClaimRow) =>
          r.deadline_at ? <SlaChip due={dueOf(r)} /> : <span className="quiet">—</span>,
      },
      { id: 'order', header: t('column.order'), width: '190px', cell: (r: ClaimRow) => <Order row={r} /> },
      {
        id: 'about',
        header: t('claims.about'),
        width: 'minmax(170px, 1.4fr)',
        cell: (r: ClaimRow) => <About row={r} />,
      },
      {
        id: 'to',
        header: t('claims.to'),
        width: 'minmax(130px, 0.8fr)',
        wide: true,
        cell: (r: ClaimRow) => <span className="cut soft">{t(`claim_side.${r.side}`)}</span>,
      },
      ...(prices
        ? [
            {
              id: 'sum',
              header: t('column.total'),
              width: '96px',
              right: true,
              cell: (r: ClaimRow) => <Money value={r.amount} currency={r.currency} strong />,
            },
          ]
        : []),
      {
        id: 'state',
        header: t('returns.stage'),
        width: 'minmax(150px, 0.9fr)',
        cell: (r: ClaimRow) => <ClaimStateChip state={r.state} />,
      },
      {
        id: 'made',
        header: t('claims.made'),
        width: '92px',
        right: true,
        wide: true,
        cell: (r: ClaimRow) => <When at={r.created_at} />,
      },
    ],
    [prices, t],
  );
}

export function CompactClaim({ row }: { row: ClaimRow }) {
  const subject = useSubjectText();
  return (
    <div className="ret-compact">
      <div className="row">
        {row.deadline_at && <SlaChip due={dueOf(row)} />}
        <ChannelBadge channel={row.channel} size={17} />
        <span className="num strong cut">{claimNumber(row)}</span>
        <span className="end">
          <Money value={row.amount} currency={row.currency} strong />
        </span>
      </div>
      <div className="row">
        <span className="cut grow soft">{[subject(row.subject), row.title].filter(Boolean).join(' · ')}</span>
        <ClaimStateChip state={row.state} />
      </div>
    </div>
  );
}
