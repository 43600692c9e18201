import { ActionIcon, Button, Modal, Select, TextInput } from '@mantine/core';
import { IconBell, IconBrandTelegram, IconMail, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NoticeMode, NoticeTarget, NoticeWays } from '../../api/types';
import { toast } from '../../base/toasts';
import { Bones, Card, ErrorState } from '../../ui/bits';
import { useForm } from '../../ui/useForm';
import { Submit } from '../../ui/Submit';
import {
  modesOf,
  noticeMedia,
  noticeTypes,
  pushWorks,
  subscribe,
  useWayActs,
  useWays,
  wayActs,
} from './ways';

const icons = { telegram: IconBrandTelegram, email: IconMail, push: IconBell };

/** How a person is told while the screens are closed: by what ways, of what, and when not. */
export function WaysBox() {
  const { t } = useTranslation();
  const [link, setLink] = useState<string | null>(null);
  const ways = useWays(link !== null);
  return (
    <Card title={t('told.title')}>
      {ways.error ? (
        <ErrorState error={ways.error} retry={() => void ways.refetch()} />
      ) : !ways.data ? (
        <Bones lines={3} height={34} />
      ) : (
        <div className="stack">
          <p className="caption">{t('told.intro')}</p>
          <Targets ways={ways.data} link={link} setLink={setLink} />
          <Rules ways={ways.data} />
        </div>
      )}
    </Card>
  );
}

interface TargetsProps {
  ways: NoticeWays;
  link: string | null;
  setLink: (link: string | null) => void;
}

function Targets({ ways, link, setLink }: TargetsProps) {
  const { t } = useTranslation();
  const act = useWayActs();
  const [mail, setMail] = useState(false);
  const proving = ways.targets.find((w) => w.medium === 'email' && w.state === 'waiting');
  const [linkFor, setLinkFor] = useState<string | null>(null);
  const linked = link !== null && ways.targets.some((w) => w.id === linkFor && w.state === 'on');
  const begin = () =>
    act.mutate(async () => {
      const made = await wayActs.telegram();
      setLinkFor(made.id);
      setLink(made.link ?? null);
    });
  const browser = () =>
    act.mutate(async () => {
      if (!(await subscribe(ways.push_key))) toast(t('told.push_refused'), { tone: 'error' });
    });
  const shown = ways.targets.filter((w) => w.state !== 'waiting');
  return (
    <>
      {shown.map((w) => (
        <TargetRow key={w.id} target={w} />
      ))}
      <div className="ways-add">
        <Button
          leftSection={<IconBrandTelegram size={16} stroke={1.75} />}
          disabled={!ways.telegram}
          onClick={begin}
          data-testid="way-telegram"
        >
          {t('told.add_telegram')}
        </Button>
        <Button
          leftSection={<IconBell size={16} stroke={1.75} />}
          disabled={!pushWorks()}
          onClick={browser}
          data-testid="way-push"
        >
          {t('told.add_push')}
        </Button>
        <Button
          leftSection={<IconMail size={16} stroke={1.75} />}
          disabled={!ways.email}
          onClick={() => setMail(true)}
          data-testid="way-email"
        >
          {t('told.add_email')}
        </Button>
      </div>
      {(!ways.telegram || !ways.email) && <p className="caption">{t('told.not_set_up')}</p>}
      {link && (
        <Modal opened onClose={() => setLink(null)} title={t('told.telegram_title')}>
          <div className="stack">
            <p>{linked ? t('told.telegram_done') : t('told.telegram_how')}</p>
            {linked ? (
              <Button size="md" onClick={() => setLink(null)}>
                {t('do.close')}
              </Button>
            ) : (
              <Button
                component="a"
                href={link}
                target="_blank"
                rel="noreferrer"
                size="md"
                data-testid="telegram-link"
              >
                {t('told.telegram_open')}
              </Button>
            )}
          </div>
        </Modal>
      )}
      {(mail || proving) && <MailDialog proving={proving} onClose={() => setMail(false)} />}
    </>
  );
}

function TargetRow({ target }: { target: NoticeTarget }) {
  const { t } = useTranslation();
  const act = useWayActs();
  const Icon = icons[target.medium];
  return (
    <div className="way" data-testid={`way-${target.state}`}>
      <Icon size={16} stroke={1.75} />
      <span className="grow">
        {t(`told.${target.medium}`)} <span className="quiet">{target.label}</span>
      </span>
      {target.state === 'gone' ? (
        <span className="chip chip-red">{t('told.gone')}</span>
      ) : (
        <Button
          size="xs"
          onClick={() =>
            act.mutate(async () => {
              await wayActs.test(target.id);
              toast(t('told.tested'));
            })
          }
        >
          {t('told.test')}
        </Button>
      )}
      <ActionIcon
        aria-label={t('told.drop', { what: `${t(`told.${target.medium}`)} ${target.label}` })}
        onClick={() => act.mutate(() => wayActs.drop(target.id))}
      >
        <IconTrash size={16} stroke={1.75} />
      </ActionIcon>
    </div>
  );
}

function MailDialog({ proving, onClose }: { proving?: NoticeTarget | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const act = useWayActs();
  const form = useForm({ address: '', code: '' });
  const close = () => {
    if (proving) act.mutate(() => wayActs.drop(proving.id));
    onClose();
  };
  return (
    <Modal opened onClose={close} title={t('told.add_email')}>
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          void form.submit(async ({ address, code }) => {
            await act.mutateAsync(() => (proving ? wayActs.prove(proving.id, code) : wayActs.email(address)));
            if (proving) onClose();
          });
        }}
      >
        {proving ? (
          <TextInput
            label={t('told.code')}
            description={t('told.code_hint', { address: proving.label })}
            inputMode="numeric"
            autoComplete="one-time-code"
            required
            withAsterisk={false}
            {...form.field('code')}
          />
        ) : (
          <TextInput
            label={t('told.address')}
            type="email"
            autoComplete="email"
            required
            withAsterisk={false}
            {...form.field('address')}
          />
        )}
        {form.general && <div className="notice notice-red">{form.general}</div>}
        <Submit variant="default" size="md" loading={form.busy}>
          {proving ? t('told.prove') : t('told.send_code')}
        </Submit>
      </form>
    </Modal>
  );
}

function Rules({ ways }: { ways: NoticeWays }) {
  const { t } = useTranslation();
  const act = useWayActs();
  const keep = (change: Partial<NoticeWays>) =>
    act.mutate(() =>
      wayActs.keep({ quiet: ways.quiet, digest_at: ways.digest_at, rules: ways.rules, ...change }),
    );
  return (
    <>
      <div className="table-scroll">
        <table className="table ways-rules">
          <thead>
            <tr>
              <th>{t('told.what')}</th>
              {noticeMedia.map((m) => (
                <th key={m}>{t(`told.${m}`)}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {noticeTypes.map((type) => (
              <tr key={type}>
                <td>
                  {t(`told.on_${type}`)}
                  <div className="caption">{t(`told.who_${type}`)}</div>
                </td>
                {noticeMedia.map((medium) => (
                  <td key={medium} data-medium={t(`told.${medium}`)}>
                    <Select
                      size="xs"
                      w="100%"
                      allowDeselect={false}
                      aria-label={`${t(`told.on_${type}`)}, ${t(`told.${medium}`)}`}
                      value={ways.rules[type]?.[medium] ?? 'now'}
                      data={modesOf(type).map((mode) => ({ value: mode, label: t(`told.mode_${mode}`) }))}
                      onChange={(mode) =>
                        mode &&
                        keep({
                          rules: {
                            ...ways.rules,
                            [type]: { ...ways.rules[type], [medium]: mode as NoticeMode },
                          },
                        })
                      }
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="ways-times">
        <TimeField
          label={t('told.quiet_from')}
          value={ways.quiet.from}
          onKeep={(from) => keep({ quiet: { ...ways.quiet, from } })}
        />
        <TimeField
          label={t('told.quiet_to')}
          value={ways.quiet.to}
          onKeep={(to) => keep({ quiet: { ...ways.quiet, to } })}
        />
        <TimeField
          label={t('told.digest_at')}
          value={ways.digest_at}
          onKeep={(digest_at) => keep({ digest_at })}
        />
      </div>
      <p className="caption">{t('told.quiet_hint')}</p>
    </>
  );
}

/** «7:5» is no time: what does not read goes back to what is kept. Text, for a browser's own field speaks the browser's language. */
const timeOf = (typed: string) => {
  const [, h, m] = /^(\d{1,2})[:.](\d{2})$/.exec(typed.trim()) ?? [];
  return h && m && Number(h) < 24 && Number(m) < 60 ? `${h.padStart(2, '0')}:${m}` : null;
};

/** Kept when the field is left: a half-typed time is none. */
function TimeField({
  label,
  value,
  onKeep,
}: {
  label: string;
  value: string;
  onKeep: (value: string) => void;
}) {
  const [typed, setTyped] = useState(value);
  const leave = () => {
    const time = timeOf(typed);
    setTyped(time ?? value);
    if (time && time !== value) onKeep(time);
  };
  return (
    <TextInput
      w={120}
      label={label}
      inputMode="numeric"
      maxLength={5}
      value={typed}
      onChange={(e) => setTyped(e.target.value)}
      onBlur={leave}
    />
  );
}
