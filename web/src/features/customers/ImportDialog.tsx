import { Button, FileInput, Modal, NativeSelect } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { post, upload } from '../../api/client';
import type { PeopleImported } from '../../api/types';
import { formatCount } from '../../base/format';
import { Submit } from '../../ui/Submit';
import { useLang } from '../../ui/bits';
import { useIdentity } from './useIdentity';

const fates = ['new', 'changed', 'same', 'bad'] as const;
/** What a column may hold, by the names of the server, and the word for it. */
const columns = {
  name: 'customer.name',
  phone: 'customer.phone',
  email: 'identity.email',
  city: 'customer.city',
  address: 'identity.address',
  birth_date: 'identity.birth_date',
  external_id: 'customers.import_id',
} as const;
const shown = 8;

interface Undone {
  removed: number;
  restored: number;
  kept: number;
}

/** A table of people: what would change is said before anything does, and all of it can be taken back. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const lang = useLang();
  const { attempt, tell } = useIdentity();
  const [file, setFile] = useState<File | null>(null);
  const [map, setMap] = useState<Record<string, string>>({});
  const [look, setLook] = useState<PeopleImported | null>(null);
  const [busy, setBusy] = useState(false);
  const asked = useRef(0);

  const send = (from: File, said: Record<string, string>, dry: boolean) => {
    const pairs = Object.entries(said).filter(([, column]) => column);
    const query = new URLSearchParams({
      name: from.name,
      ...(dry ? { dry_run: '1' } : {}),
      ...(pairs.length ? { map: pairs.map(([heading, column]) => `${column}=${heading}`).join(',') } : {}),
    });
    return upload<PeopleImported>('/api/import/customers', query, from);
  };
  const tryOut = async (from: File, said: Record<string, string>) => {
    const turn = ++asked.current;
    setBusy(true);
    await attempt(async () => {
      const answer = await send(from, said, true);
      if (turn === asked.current) setLook(answer);
    });
    if (turn === asked.current) setBusy(false);
  };
  const bring = async () => {
    if (!file) return;
    setBusy(true);
    const done = await attempt(async () => {
      const answer = await send(file, map, false);
      tell(
        t('customers.import_done', { added: answer.new, changed: answer.changed }),
        answer.id
          ? async () => {
              const back = await post<Undone>(`/api/imports/${answer.id}/undo`);
              tell(t('customers.import_undone', { ...back }));
            }
          : undefined,
      );
    });
    setBusy(false);
    if (done) onClose();
  };
  const bad = look?.items.filter((item) => item.problems.length) ?? [];
  const wrongIn = (problems: PeopleImported['items'][number]['problems']) => {
    const words = problems.map(({ field }) => columns[(field ?? '') as keyof typeof columns]).filter(Boolean);
    return words.length ? ` (${words.map((word) => t(word).toLocaleLowerCase(lang)).join(', ')})` : '';
  };
  const changes = look ? look.new + look.changed : 0;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('customers.import_title')}
      size={620}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <form
        className="stack"
        data-testid="import"
        onSubmit={(e) => {
          e.preventDefault();
          void bring();
        }}
      >
        <p className="caption">{t('customers.import_hint')}</p>
        <FileInput
          label={t('customers.import_file')}
          placeholder={t('customers.import_choose')}
          accept=".csv,.tsv,.txt"
          leftSection={<IconFileImport size={16} stroke={1.75} />}
          value={file}
          data-autofocus
          onChange={(chosen) => {
            setFile(chosen);
            setMap({});
            setLook(null);
            if (chosen) void tryOut(chosen, {});
          }}
        />
        {look && (
          <>
            <dl className="import-fates" data-testid="import-fates">
              {fates.map((fate) => (
                <div key={fate} data-bad={(fate === 'bad' && look.bad > 0) || undefined}>
                  <dt className="caption">{t(`customers.import_${fate}`)}</dt>
                  <dd className="num">{formatCount(look[fate], lang)}</dd>
                </div>
              ))}
            </dl>
            {file && look.unknown_columns.length > 0 && (
              <div className="stack import-columns">
                <span className="caption">{t('customers.import_unknown')}</span>
                {look.unknown_columns.slice(0, 12).map((heading) => (
                  <label key={heading} className="row">
                    <span className="grow cut">{heading}</span>
                    <NativeSelect
                      w={200}
                      value=""
                      aria-label={heading}
                      data={[
                        { value: '', label: t('customers.import_skip') },
                        ...Object.entries(columns).map(([value, word]) => ({ value, label: t(word) })),
                      ]}
                      onChange={(e) => {
                        const said = { ...map, [heading]: e.currentTarget.value };
                        setMap(said);
                        void tryOut(file, said);
                      }}
                    />
                  </label>
                ))}
              </div>
            )}
            {Object.keys(map).length > 0 && (
              <Button
                variant="subtle"
                onClick={() => {
                  setMap({});
                  if (file) void tryOut(file, {});
                }}
              >
                {t('customers.import_forget')}
              </Button>
            )}
            {bad.length > 0 && (
              <div className="import-bad" data-testid="import-bad">
                <div className="caption">{t('customers.import_bad_hint')}</div>
                <ul className="import-troubles">
                  {bad.slice(0, shown).map((item) => (
                    <li key={item.row}>
                      {t('customers.import_row', { row: item.row })}: {item.name || item.phone}
                      {wrongIn(item.problems)}
                    </li>
                  ))}
                </ul>
              </div>
            )}
          </>
        )}
        <Submit loading={busy} disabled={!changes}>
          {look && !changes ? t('customers.import_nothing') : t('customers.import_do')}
        </Submit>
      </form>
    </Modal>
  );
}
