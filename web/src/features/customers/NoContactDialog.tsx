import { Button, Checkbox, FileInput, Modal, Textarea } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { post } from '../../api/client';
import { useIdentity } from './useIdentity';

interface Answer {
  contacts: number;
  known: number;
  bad: number[];
}

/** Puts a list of telephones and e-mails among those whom nobody may write to, or takes them off; a file is read into the field. */
export function NoContactDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { attempt } = useIdentity();
  const [text, setText] = useState('');
  const [remove, setRemove] = useState(false);
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const send = async () => {
    setBusy(true);
    await attempt(async () =>
      setAnswer(await post<Answer>('/api/do-not-contact', { contacts: text, remove })),
    );
    setBusy(false);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('customers.never')}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault();
          void send();
        }}
      >
        <p className="caption">{t('customers.never_hint')}</p>
        <Textarea
          label={t('customers.never_list')}
          rows={8}
          value={text}
          data-autofocus
          onChange={(e) => setText(e.currentTarget.value)}
        />
        <FileInput
          aria-label={t('customers.never_file')}
          placeholder={t('customers.never_file')}
          accept=".txt,.csv,.tsv"
          leftSection={<IconFileImport size={16} stroke={1.75} />}
          onChange={(file) => void file?.text().then(setText)}
        />
        <Checkbox
          label={t('customers.never_remove')}
          checked={remove}
          onChange={(e) => setRemove(e.currentTarget.checked)}
        />
        {answer && (
          <div className="notice" role="status">
            {t('customers.never_done', { count: answer.contacts, known: answer.known })}
            {answer.bad.length > 0 && (
              <div>{t('customers.never_bad', { list: answer.bad.slice(0, 20).join(', ') })}</div>
            )}
          </div>
        )}
        <Button type="submit" variant="filled" loading={busy} disabled={!text.trim()}>
          {t(remove ? 'customers.never_off' : 'customers.never_on')}
        </Button>
      </form>
    </Modal>
  );
}
