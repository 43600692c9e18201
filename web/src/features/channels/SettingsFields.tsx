import { PasswordInput, SegmentedControl, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ChannelKind, CheckReply } from '../../api/types';
import { IconCheck, IconX } from '@tabler/icons-react';

interface Props {
  kind: ChannelKind;
  values: Record<string, string>;
  hasSecret?: boolean;
  errors: Record<string, string>;
  /** Only those that must be filled in, or only the rest. */
  only?: 'required' | 'optional';
  onChange: (values: Record<string, string>) => void;
}

/** The fields a channel asks for, from its own table; a secret is written and never shown. */
export function SettingsFields({ kind, values, hasSecret, errors, only, onChange }: Props) {
  const { t, i18n } = useTranslation();
  const shown = kind.settings.filter((s) => !only || s.required === (only === 'required'));
  return (
    <>
      {shown.map((s) => {
        const key = `setting.${s.name}`;
        const shared = {
          label: i18n.exists(key) ? t(key) : s.name,
          // The server's own line is English: only for a setting that has no text of ours.
          description: i18n.exists(key) ? undefined : s.doc,
          name: `settings.${s.name}`,
          required: s.required && !(s.secret && hasSecret),
          withAsterisk: false,
          value: values[s.name] ?? '',
          placeholder: s.secret && hasSecret ? t('channels.secret_kept') : (s.fallback ?? ''),
          error: errors[`settings.${s.name}`] || errors[s.name],
          onChange: (e: React.ChangeEvent<HTMLInputElement>) =>
            onChange({ ...values, [s.name]: e.target.value }),
        };
        return s.secret ? (
          <PasswordInput
            key={s.name}
            {...shared}
            autoComplete="off"
            visibilityToggleButtonProps={{ 'aria-label': t('auth.show_password') }}
          />
        ) : (
          <TextInput key={s.name} {...shared} autoComplete="off" />
        );
      })}
    </>
  );
}

export function ModeField({
  value,
  onChange,
}: {
  value: 'live' | 'read_only';
  onChange: (mode: 'live' | 'read_only') => void;
}) {
  const { t } = useTranslation();
  return (
    <div>
      <div className="field-label">{t('channels.mode')}</div>
      <SegmentedControl
        value={value}
        onChange={(v) => onChange(v as 'live' | 'read_only')}
        data={['live', 'read_only'].map((m) => ({ value: m, label: t(`mode.${m}`) }))}
        aria-label={t('channels.mode')}
      />
      <p className="caption">{t(`mode.${value}_hint`)}</p>
    </div>
  );
}

/** Named checks one by one: done, or what to mend. */
export function CheckList({ reply }: { reply: CheckReply }) {
  const { t, i18n } = useTranslation();
  return (
    <ul className="checks" data-testid="checks">
      {reply.items.map((item) => {
        const name = i18n.exists(`check.${item.name}`) ? t(`check.${item.name}`) : item.name;
        const code = `check.said.${item.code.replace('.', '_')}`;
        const said = i18n.exists(code) ? t(code, { n: item.n, about: item.about }) : '';
        const advice = i18n.exists(`check.${item.name}_bad`) ? t(`check.${item.name}_bad`) : '';
        return (
          <li key={item.name} data-ok={item.ok}>
            {item.ok ? (
              <IconCheck size={16} stroke={2} className="good" aria-hidden />
            ) : (
              <IconX size={16} stroke={2} className="bad" aria-hidden />
            )}
            <span className="grow">
              {name}
              {!item.ok && <span className="bad"> · {advice}</span>}
              {said && <span className="caption"> {said}</span>}
              {!said && item.text && <span className="caption"> {item.text}</span>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
