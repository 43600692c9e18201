import { Button, CopyButton, Modal, MultiSelect, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { post } from '../../api/client';
import { keys } from '../../api/keys';
import type { Invitation, Role } from '../../api/types';
import { useSession } from '../../base/shop';
import { When } from '../../ui/bits';
import { useForm } from '../../ui/useForm';
import { Submit } from '../../ui/Submit';
import { RolePick } from './RolePick';

/** A link that lets one person in, once: who gets it sets the password, and nobody else ever knows it. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const session = useSession();
  const client = useQueryClient();
  const form = useForm({
    login: '',
    name: '',
    roles: ['manager'] as Role[],
    own_roles: [] as string[],
    accounts: [] as string[],
  });
  const { values, set, setValues } = form;
  const [made, setMade] = useState<Invitation | null>(null);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('users.invite')}
      size={480}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      {made ? (
        <Link made={made} onClose={onClose} />
      ) : (
        <form
          className="stack"
          onSubmit={(e) => {
            e.preventDefault();
            void form.submit(async (body) => {
              setMade(await post<Invitation>('/api/invitations', body));
              void client.invalidateQueries({ queryKey: keys.invitations });
            });
          }}
        >
          <TextInput
            label={t('auth.login')}
            required
            withAsterisk={false}
            maxLength={64}
            autoComplete="off"
            {...form.field('login')}
            data-autofocus
          />
          <TextInput
            label={t('users.guest_name')}
            maxLength={100}
            autoComplete="off"
            {...form.field('name')}
          />
          <RolePick
            value={values}
            onChange={(roles) => setValues((v) => ({ ...v, ...roles }))}
            error={form.errors.roles}
          />
          <MultiSelect
            label={t('users.accounts')}
            description={t('users.accounts_hint')}
            placeholder={values.accounts.length ? '' : t('users.all_accounts')}
            value={values.accounts}
            onChange={(v) => set('accounts', v)}
            data={session.accounts.map((a) => ({ value: a.id, label: a.name }))}
          />
          <p className="caption">{t('users.invite_hint')}</p>
          {form.general && (
            <div className="notice notice-red" role="alert">
              {form.general}
            </div>
          )}
          <div className="row">
            <Submit
              size="md"
              className="end"
              loading={form.busy}
              disabled={!values.roles.length && !values.own_roles.length}
            >
              {t('users.invite_make')}
            </Submit>
          </div>
        </form>
      )}
    </Modal>
  );
}

function Link({ made, onClose }: { made: Invitation; onClose: () => void }) {
  const { t } = useTranslation();
  const link = `${window.location.origin}/join#${made.token ?? ''}`;
  return (
    <div className="stack">
      <div className="notice">{t('users.invite_once', { login: made.login })}</div>
      <code className="secret" data-testid="invitation-link">
        {link}
      </code>
      <p className="caption">
        {t('users.invite_until')} <When at={made.expires_at} time />
      </p>
      <div className="row">
        <CopyButton value={link}>
          {({ copied, copy }) => (
            <Button leftSection={<IconCopy size={16} stroke={1.75} />} onClick={copy}>
              {copied ? t('do.copied') : t('do.copy')}
            </Button>
          )}
        </CopyButton>
        <Button variant="filled" className="end" onClick={onClose}>
          {t('do.close')}
        </Button>
      </div>
    </div>
  );
}
