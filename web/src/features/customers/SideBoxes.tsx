import { Button } from '@mantine/core';
import { IconArrowMerge, IconArrowsSplit2 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CustomerCard } from '../../api/types';
import { formatPhone } from '../../base/format';
import { useMay } from '../../base/shop';
import { Card, When } from '../../ui/bits';
import { useReason } from './reason';
import { useIdentity } from './useIdentity';

export function ContactsBox({ card }: { card: CustomerCard }) {
  const { t } = useTranslation();
  const hand = card.manual.split(',');
  const list: [field: string, label: string, value: string][] = [
    ['phone', t('customer.phone'), card.phone ? formatPhone(card.phone) : ''],
    ['email', t('identity.email'), card.email],
    ['city', t('customer.city'), card.city],
    ['birth_date', t('identity.birth_date'), card.birth_date],
  ];
  return (
    <Card title={t('identity.contacts')}>
      {card.contacts_hidden && <p className="caption">{t('identity.hidden')}</p>}
      <dl className="facts">
        {list.map(([field, label, value]) => (
          <div key={field} className="facts-line">
            <dt>{label}</dt>
            <dd>
              {value || '—'}
              {hand.includes(field) && <span className="caption"> {t('identity.by_hand')}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

export function HistoryBox({ card }: { card: CustomerCard }) {
  const { t, i18n } = useTranslation();
  const may = useMay();
  const reason = useReason();
  const { splitBack } = useIdentity();
  if (!card.merges.length) return null;
  return (
    <Card title={t('identity.history')}>
      <ul className="plain-list" data-testid="merges">
        {card.merges.map((m) => (
          <li key={m.id} className="source">
            {m.kind === 'merge' ? (
              <IconArrowMerge size={18} stroke={1.75} className="quiet" />
            ) : (
              <IconArrowsSplit2 size={18} stroke={1.75} className="quiet" />
            )}
            <div className="grow">
              <div>{m.kind === 'merge' ? t('identity.merge') : t('identity.unmerge')}</div>
              <div className="caption">
                {m.kind === 'merge' && `${reason(null, m.rule)} · `}
                {i18n.exists(`actor.${m.actor_kind}`)
                  ? t(`actor.${m.actor_kind}`, { name: m.actor_name })
                  : m.actor_name}
                {' · '}
                <When at={m.at} time />
              </div>
            </div>
            {m.can_undo && may('customers.merge') && (
              <Button size="xs" onClick={() => void splitBack(card.id, m.id)}>
                {t('identity.split_back')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
