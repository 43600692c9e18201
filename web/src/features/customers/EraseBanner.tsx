import { Button, Checkbox, Modal, NativeSelect } from '@mantine/core';
import { IconEraser } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post } from '../../api/client';
import type { CustomerCard, EraseRequest } from '../../api/types';
import { useMay } from '../../base/shop';
import { When } from '../../ui/bits';
import { useIdentity } from './useIdentity';

const reasons = ['asked', 'withdrawn', 'expired', 'mistake'] as const;

/** Somebody asks for this person to be forgotten: another one approves, or leaves the card as it is. */
export function EraseBanner({ card }: { card: CustomerCard }) {
  const { t } = useTranslation();
  const may = useMay();
  const { attempt, tell } = useIdentity();
  const [sure, setSure] = useState(false);
  const asked = card.erase_request;
  if (!asked) return null;
  const decide = async (what: 'approve' | 'refuse') => {
    const done = await attempt(() =>
      post(`/api/erase-requests/${asked.id}/${what}`, { version: card.version }),
    );
    if (done) tell(t(what === 'approve' ? 'identity.erased' : 'identity.erase_left'));
    setSure(false);
  };
  return (
    <section className="duplicate" data-testid="erase-asked">
      <IconEraser size={18} stroke={1.75} className="duplicate-icon" aria-hidden />
      <div className="grow">
        <span className="strong">{t('identity.erase_asked')}</span>{' '}
        {t(`identity.erase_reason_${asked.reason}`)}
        <div className="soft">
          {asked.asked_name} · <When at={asked.at} time />
          {asked.needs_other && ` · ${t('identity.erase_other')}`}
        </div>
      </div>
      <span className="row">
        {(asked.own || may('customers.data')) && (
          <Button onClick={() => void decide('refuse')}>
            {t(asked.own ? 'identity.erase_back' : 'identity.erase_no')}
          </Button>
        )}
        {may('customers.data') && !asked.needs_other && (
          <Button variant="filled" color="red" onClick={() => setSure(true)}>
            {t('identity.erase')}
          </Button>
        )}
      </span>
      {sure && (
        <Modal
          opened
          onClose={() => setSure(false)}
          title={t('identity.erase_title', { name: card.name })}
          closeButtonProps={{ 'aria-label': t('do.close') }}
        >
          <div className="stack">
            <p>{t('identity.erase_hint')}</p>
            <Button variant="filled" color="red" onClick={() => void decide('approve')}>
              {t('identity.erase_sure')}
            </Button>
          </div>
        </Modal>
      )}
    </section>
  );
}

/** Asks with a reason; where nobody else could approve, the card offers it at once. */
export function EraseDialog({ card, onClose }: { card: CustomerCard; onClose: () => void }) {
  const { t } = useTranslation();
  const { attempt, tell } = useIdentity();
  const [never, setNever] = useState(false);
  const [reason, setReason] = useState<string>('asked');
  const [busy, setBusy] = useState(false);
  const ask = async () => {
    setBusy(true);
    const done = await attempt(async () => {
      await post<EraseRequest>(`/api/customers/${card.id}/erase-requests`, { reason, do_not_contact: never });
      const now = await get<CustomerCard>(`/api/customers/${card.id}`);
      tell(t(now.erase_request?.needs_other ? 'identity.erase_sent' : 'identity.erase_ready'));
    });
    setBusy(false);
    if (done) onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('identity.erase_title', { name: card.name })}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault();
          void ask();
        }}
      >
        <p>{t('identity.erase_hint')}</p>
        <NativeSelect
          label={t('identity.erase_reason')}
          value={reason}
          onChange={(e) => setReason(e.currentTarget.value)}
          data={reasons.map((value) => ({ value, label: t(`identity.erase_reason_${value}`) }))}
        />
        <Checkbox
          label={t('identity.erase_never')}
          checked={never}
          onChange={(e) => setNever(e.currentTarget.checked)}
        />
        <p className="caption">{t('identity.erase_two')}</p>
        <Button type="submit" variant="filled" color="red" loading={busy}>
          {t('identity.erase_ask')}
        </Button>
      </form>
    </Modal>
  );
}
