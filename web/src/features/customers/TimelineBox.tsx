import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import {
  IconArrowBackUp,
  IconArrowMerge,
  IconArrowsSplit2,
  IconNote,
  IconShieldCheck,
  IconShoppingBag,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { CustomerCard, HubStatus, Moment, ReturnState, Timeline } from '../../api/types';
import { formatNumber } from '../../base/format';
import { Bones, Card, ErrorState, Money, When } from '../../ui/bits';
import { ChannelBadge } from '../../ui/ChannelBadge';
import { ReturnStateChip } from '../../ui/returns/state';
import { StatusChip } from '../../ui/status';
import { useReason } from './reason';

const SHOWN = 8;

/** All that happened with a person, the newest first. */
export function TimelineBox({ card }: { card: CustomerCard }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const line = useInfiniteQuery({
    queryKey: [...keys.customer(card.id), 'timeline'],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      get<Timeline>(
        `/api/customers/${card.id}/timeline`,
        pageParam ? new URLSearchParams({ after: pageParam }) : undefined,
        signal,
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
  if (!line.data && line.error) return <ErrorState error={line.error} retry={() => void line.refetch()} />;
  const all = line.data?.pages.flatMap((p) => p.items) ?? [];
  const shown = open ? all : all.slice(0, SHOWN);
  const more = () => (open ? void line.fetchNextPage() : setOpen(true));
  return (
    <Card title={t('identity.timeline')}>
      {!line.data && <Bones lines={4} />}
      {line.data && all.length === 0 && <p className="soft">{t('identity.timeline_none')}</p>}
      <ul className="plain-list timeline" data-testid="timeline">
        {shown.map((m) => (
          <li key={`${m.kind}${m.id}`} data-kind={m.kind}>
            <Sign moment={m} />
            <div className="grow timeline-told">
              <Told moment={m} />
            </div>
            <span className="caption timeline-at">
              <When at={m.at} time />
            </span>
          </li>
        ))}
      </ul>
      {(all.length > shown.length || line.hasNextPage) && (
        <div className="timeline-more">
          <Button size="xs" loading={line.isFetchingNextPage} onClick={more}>
            {t('do.more')}
          </Button>
        </div>
      )}
    </Card>
  );
}

function Sign({ moment: m }: { moment: Moment }) {
  const Icon =
    m.kind === 'order'
      ? IconShoppingBag
      : m.kind === 'return'
        ? IconArrowBackUp
        : m.kind === 'consent'
          ? IconShieldCheck
          : m.kind === 'note'
            ? IconNote
            : m.event === 'unmerge'
              ? IconArrowsSplit2
              : IconArrowMerge;
  return <Icon size={18} stroke={1.75} className="quiet" aria-hidden />;
}

function Told({ moment: m }: { moment: Moment }) {
  const { t, i18n } = useTranslation();
  const reason = useReason();
  switch (m.kind) {
    case 'order':
      return (
        <span className="row row-wrap">
          {m.channel && <ChannelBadge channel={m.channel} size={17} />}
          <Link to="/orders/$id" params={{ id: m.id }} className="num">
            {t('identity.timeline_order', { number: formatNumber(m.number ?? '') })}
          </Link>
          <Money value={m.sum ?? null} currency={m.currency ?? null} strong />
          <StatusChip status={(m.status ?? 'new') as HubStatus} native={m.external_status ?? ''} />
        </span>
      );
    case 'return':
      return (
        <span className="row row-wrap">
          <Link to="/returns/$id" params={{ id: m.id }} className="num">
            {t('identity.timeline_return', { number: formatNumber(m.number ?? '') })}
          </Link>
          <Money value={m.sum ?? null} currency={m.currency ?? null} strong />
          <ReturnStateChip state={(m.state ?? 'requested') as ReturnState} native="" />
        </span>
      );
    case 'consent':
      return (
        <>
          {t(m.state === 'given' ? 'identity.consent_given' : 'identity.consent_withdrawn')}:{' '}
          {t(`identity.purpose_${m.purpose}`)}, {t(`identity.medium_${m.medium}`)}
          {m.actor_name && <span className="caption"> · {m.actor_name}</span>}
        </>
      );
    case 'note':
      return (
        <>
          <span className="note-text">{m.text}</span>
          <span className="caption"> · {m.actor_name}</span>
        </>
      );
    default:
      return (
        <>
          {m.event === 'merge' ? t('identity.merge') : t('identity.unmerge')}
          <span className="caption">
            {m.event === 'merge' && m.rule && ` · ${reason(null, m.rule)}`}
            {' · '}
            {i18n.exists(`actor.${m.actor_kind}`)
              ? t(`actor.${m.actor_kind}`, { name: m.actor_name })
              : m.actor_name}
          </span>
        </>
      );
  }
}
