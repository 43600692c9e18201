import { ActionIcon } from '@mantine/core';
import { IconArrowsSplit2 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CustomerCard, CustomerSource } from '../../api/types';
import { formatPhone } from '../../base/format';
import { useAccountChannel, useMay } from '../../base/shop';
import { Card, When } from '../../ui/bits';
import { ChannelBadge, useChannelTitle } from '../../ui/ChannelBadge';
import { useReason, useScore } from './reason';
import { useIdentity } from './useIdentity';

/** Every record that the card is made of, as it was received, and why it is here. */
export function SourcesBox({ card }: { card: CustomerCard }) {
  const { t } = useTranslation();
  const may = useMay();
  const { separate } = useIdentity();
  const can = may('customers.merge') && card.sources.length > 1;
  return (
    <Card title={t('customer.sources', { count: card.sources.length })} className="sources">
      <ul className="plain-list" data-testid="sources">
        {card.sources.map((s) => (
          <li key={s.id} className="source">
            <Source source={s} />
            {can && (
              <ActionIcon
                aria-label={t('identity.separate_record', { name: s.name })}
                title={t('identity.separate')}
                onClick={() => void separate(card, s.id)}
              >
                <IconArrowsSplit2 size={16} stroke={1.75} />
              </ActionIcon>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Source({ source: s }: { source: CustomerSource }) {
  const { t } = useTranslation();
  const channelOf = useAccountChannel();
  const title = useChannelTitle();
  const channel = channelOf(s.account_id);
  const phone = s.phone_raw || (s.phone ? formatPhone(s.phone) : '');
  const told = [phone, s.email, s.city, s.address, s.birth_date].filter(Boolean);
  return (
    <>
      <ChannelBadge channel={channel} />
      <div className="grow">
        <div>
          <span className="strong">{s.name || '—'}</span> <span className="caption">{title(channel)}</span>
        </div>
        <div className="soft source-told">{told.join(' · ') || (s.masked ? t('customer.masked') : '—')}</div>
        <Why source={s} />
      </div>
    </>
  );
}

function Why({ source: s }: { source: CustomerSource }) {
  const { t, i18n } = useTranslation();
  const reason = useReason();
  const score = useScore();
  const link = s.link;
  const kind = `actor.${link?.actor_kind ?? 'system'}`;
  return (
    <div className="caption">
      <span data-testid="reason">{reason(link?.evidence, link?.rule ?? s.rule)}</span>
      {link && link.score > 0 && ` · ${score(link.score)}`}
      {link &&
        link.rule !== 'first' &&
        i18n.exists(kind) &&
        ` · ${link.actor_name === 'identity' ? t('actor.system') : t(kind, { name: link.actor_name })}`}
      {' · '}
      <When at={link?.at ?? s.first_seen} />
    </div>
  );
}
