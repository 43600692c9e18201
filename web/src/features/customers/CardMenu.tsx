import { ActionIcon, Menu, Modal, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { IconDots } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, patch, post } from '../../api/client';
import { keys } from '../../api/keys';
import type { CustomerCard } from '../../api/types';
import { useMay } from '../../base/shop';
import { toast } from '../../base/toasts';
import { ConflictDialog } from '../../ui/ConflictDialog';
import { useForm } from '../../ui/useForm';
import { EraseDialog } from './EraseBanner';
import { useIdentity } from './useIdentity';
import { Submit } from '../../ui/Submit';

/** What is rarely done with a card, each behind its right. */
export function CardMenu({ card }: { card: CustomerCard }) {
  const { t } = useTranslation();
  const may = useMay();
  const [open, setOpen] = useState<'edit' | 'erase' | null>(null);
  const canEdit = may('customers.merge') && !card.contacts_hidden;
  const canData = may('customers.data');
  const canAsk = may('contacts.see') && card.state === 'active' && !card.erase_request;
  const { attempt } = useIdentity();
  if (!canEdit && !canData && !canAsk) return null;
  const never = () =>
    void attempt(() => post(`/api/customers/${card.id}/do-not-contact`, { remove: card.do_not_contact }));
  const data = `/api/customers/${card.id}/data`;
  return (
    <>
      <Menu>
        <Menu.Target>
          <ActionIcon aria-label={t('identity.menu')} data-testid="card-menu">
            <IconDots size={18} stroke={1.75} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {canEdit && <Menu.Item onClick={() => setOpen('edit')}>{t('identity.edit')}</Menu.Item>}
          {canEdit && (
            <Menu.Item onClick={never}>
              {t(card.do_not_contact ? 'identity.may_write' : 'identity.never_write')}
            </Menu.Item>
          )}
          {canData && (
            <>
              <Menu.Item component="a" href={`${data}?format=json`} download>
                {t('identity.data_json')}
              </Menu.Item>
              <Menu.Item component="a" href={`${data}?format=html`} download>
                {t('identity.data_page')}
              </Menu.Item>
            </>
          )}
          {canAsk && (
            <Menu.Item color="red" onClick={() => setOpen('erase')}>
              {t('identity.erase')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {open === 'edit' && <EditDialog card={card} onClose={() => setOpen(null)} />}
      {open === 'erase' && <EraseDialog card={card} onClose={() => setOpen(null)} />}
    </>
  );
}

interface Props {
  card: CustomerCard;
  onClose: () => void;
}

const pickValues = ({ name, phone, email, city, birth_date }: CustomerCard) => ({
  name,
  phone,
  email,
  city,
  birth_date,
});
type Values = ReturnType<typeof pickValues>;
const kinds: Partial<Record<keyof Values, string>> = { phone: 'tel', email: 'email', birth_date: 'date' };

function EditDialog({ card, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const form = useForm<Values>(pickValues(card), {
    version: card.version,
    current: () => get<CustomerCard>(`/api/customers/${card.id}`),
  });
  const [first] = useState(form.values);
  const label = (name: keyof Values) =>
    name === 'email' || name === 'birth_date' ? t(`identity.${name}`) : t(`customer.${name}`);
  const names = Object.keys(first) as (keyof Values)[];
  // Only what was touched becomes a value set by hand.
  const save = () =>
    form.submit(async (values, version) => {
      const touched = Object.fromEntries(
        names.filter((n) => values[n] !== first[n]).map((n) => [n, values[n]]),
      );
      await patch(`/api/customers/${card.id}`, touched, version);
      await client.invalidateQueries({ queryKey: keys.customer(card.id) });
      toast(t('do.saved'));
      onClose();
    });
  const close = { 'aria-label': t('do.close') };
  return (
    <Modal opened onClose={onClose} title={t('identity.edit')} closeButtonProps={close}>
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault();
          void save();
        }}
      >
        {form.general && <div className="notice notice-red">{form.general}</div>}
        {names.map((name) => (
          <TextInput
            key={name}
            label={label(name)}
            {...form.field(name)}
            value={form.values[name] ?? ''}
            type={kinds[name]}
          />
        ))}
        <p className="caption">{t('identity.edit_hint')}</p>
        <Submit loading={form.busy}>{t('do.save')}</Submit>
      </form>
      <ConflictDialog clash={form.clash} label={label} onSettle={form.settle} />
    </Modal>
  );
}
