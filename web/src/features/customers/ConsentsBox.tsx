import { Button, Modal, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post } from '../../api/client';
import { keys } from '../../api/keys';
import type { Consent, CustomerCard, Page } from '../../api/types';
import { useMay, useShop } from '../../base/shop';
import { dayStart } from '../../base/days';
import { Card, When } from '../../ui/bits';
import { useChannelTitle } from '../../ui/ChannelBadge';
import { useForm } from '../../ui/useForm';
import { DateField } from '../../ui/DateField';
import { Submit } from '../../ui/Submit';
import { useIdentity } from './useIdentity';

const purposes = ['marketing', 'service', 'processing'] as const;
const media = ['any', 'whatsapp', 'sms', 'telegram', 'viber', 'email', 'push', 'call'] as const;

/** What holds by purpose and channel; a form to note what was said, and all that was said before. */
export function ConsentsBox({ card }: { card: CustomerCard }) {
  const { t } = useTranslation();
  const may = useMay();
  const [noting, setNoting] = useState(false);
  const [past, setPast] = useState(false);
  return (
    <Card title={t('identity.consents')}>
      {card.do_not_contact && (
        <p className="customer-never strong" data-testid="never">
          {t('customers.is_never')}
        </p>
      )}
      {card.consents.length === 0 && <p className="soft">{t('identity.no_consents')}</p>}
      <dl className="facts" data-testid="consents">
        {card.consents.map((c) => (
          <Line key={c.id} consent={c} />
        ))}
      </dl>
      <div className="row row-wrap">
        {may('customers.merge') && (
          <Button size="xs" onClick={() => setNoting(true)} data-testid="note-consent">
            {t('identity.consent_note')}
          </Button>
        )}
        <Button size="xs" variant="subtle" onClick={() => setPast(true)}>
          {t('identity.consent_history')}
        </Button>
      </div>
      {noting && <ConsentDialog card={card} onClose={() => setNoting(false)} />}
      {past && <ConsentHistory card={card} onClose={() => setPast(false)} />}
    </Card>
  );
}

function Line({ consent: c }: { consent: Consent }) {
  const { t } = useTranslation();
  const title = useChannelTitle();
  const said = [c.channel && title(c.channel), c.text_version, c.proof, c.actor_name].filter(Boolean);
  return (
    <div className="facts-line" data-void={c.voided_by ? true : undefined}>
      <dt>
        {t(`identity.purpose_${c.purpose}`)}, {t(`identity.medium_${c.medium}`)}
      </dt>
      <dd>
        {c.state === 'given' ? (
          <IconCheck size={14} stroke={2} className="good inline-icon" aria-hidden />
        ) : (
          <IconX size={14} stroke={2} className="quiet inline-icon" aria-hidden />
        )}{' '}
        {t(c.state === 'given' ? 'identity.given' : 'identity.withdrawn')} · <When at={c.at} />
        <div className="caption">{said.join(' · ')}</div>
      </dd>
    </div>
  );
}

interface Props {
  card: CustomerCard;
  onClose: () => void;
}

function ConsentHistory({ card, onClose }: Props) {
  const { t } = useTranslation();
  const list = useQuery({
    queryKey: [...keys.customer(card.id), 'consents'],
    queryFn: () => get<Page<Consent>>(`/api/customers/${card.id}/consents`),
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('identity.consent_history')}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      {list.data?.items.length === 0 && <p className="soft">{t('identity.no_consents')}</p>}
      <dl className="facts" data-testid="consent-history">
        {list.data?.items.map((c) => (
          <Line key={c.id} consent={c} />
        ))}
      </dl>
    </Modal>
  );
}

const blank = {
  purpose: 'marketing',
  medium: 'any',
  state: 'given',
  day: '',
  channel: '',
  text_version: '',
  proof: '',
};

function ConsentDialog({ card, onClose }: Props) {
  const { t } = useTranslation();
  const shop = useShop();
  const title = useChannelTitle();
  const { attempt, tell } = useIdentity();
  const form = useForm(blank);
  const pick = (
    name: 'purpose' | 'medium' | 'state' | 'channel',
    data: { value: string; label: string }[],
  ) => (
    <NativeSelect
      label={t(`identity.consent_${name}`)}
      data={data}
      value={form.values[name]}
      error={form.errors[name]}
      onChange={(e) => form.set(name, e.currentTarget.value)}
    />
  );
  const save = () =>
    form.submit(async ({ day, ...said }) => {
      const done = await attempt(() =>
        post(`/api/customers/${card.id}/consents`, {
          ...said,
          ...(day ? { at: dayStart(day, shop.time_zone) } : {}),
        }),
      );
      if (!done) return;
      tell(t('do.saved'));
      onClose();
    });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('identity.consent_note')}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <form
        className="stack"
        data-testid="consent"
        onSubmit={(e) => {
          e.preventDefault();
          void save();
        }}
      >
        {form.general && <div className="notice notice-red">{form.general}</div>}
        {pick(
          'purpose',
          purposes.map((value) => ({ value, label: t(`identity.purpose_${value}`) })),
        )}
        {pick(
          'medium',
          media.map((value) => ({ value, label: t(`identity.medium_${value}`) })),
        )}
        {pick('state', [
          { value: 'given', label: t('identity.consent_given') },
          { value: 'withdrawn', label: t('identity.consent_withdrawn') },
        ])}
        <DateField label={t('identity.consent_day')} {...form.field('day')} />
        {pick('channel', [
          { value: '', label: t('identity.consent_person') },
          ...card.channels.map((value) => ({ value, label: title(value) })),
        ])}
        <TextInput label={t('identity.consent_version')} {...form.field('text_version')} />
        <TextInput label={t('identity.consent_proof')} {...form.field('proof')} />
        <p className="caption">{t('identity.consent_hint')}</p>
        <Submit loading={form.busy}>{t('do.save')}</Submit>
      </form>
    </Modal>
  );
}
