import { Button, Modal, NumberInput, Select, Switch, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { patch, post, remove } from '../../api/client';
import { keys } from '../../api/keys';
import type { Calendar, Policy, Step } from '../../api/types';
import { useSession } from '../../base/shop';
import { toast } from '../../base/toasts';
import { useChannelTitle } from '../../ui/ChannelBadge';
import { ConflictDialog } from '../../ui/ConflictDialog';
import { useForm } from '../../ui/useForm';
import { Submit } from '../../ui/Submit';
import { RuleDay } from './RuleDay';
import { TryOut } from './TryOut';

const steps: Step[] = ['confirm', 'assemble', 'hand_over'];

export function PolicyDialog({
  policy,
  calendars,
  onClose,
}: {
  policy: Policy | null;
  calendars: Calendar[];
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const session = useSession();
  const client = useQueryClient();
  const title = useChannelTitle();
  const channels = [...new Set(session.accounts.map((a) => a.channel))];
  const form = useForm(
    {
      name: policy?.name ?? '',
      channel: policy?.channel ?? '',
      step: policy?.step ?? ('confirm' as Step),
      minutes: policy?.minutes ?? 480,
      clock: policy?.clock ?? ('wall' as Policy['clock']),
      calendar_id: policy?.calendar_id ?? null,
      red_minutes: policy?.red_minutes ?? 120,
      red_share_bp: policy?.red_share_bp ?? 2000,
      active: policy?.active ?? true,
    },
    { version: policy?.version },
  );
  const { values, set } = form;
  const calendarId = values.clock === 'working' ? (values.calendar_id ?? calendars[0]?.id ?? null) : null;
  const rule = { ...values, calendar_id: calendarId };
  const finish = () => {
    void client.invalidateQueries({ queryKey: keys.policies });
    toast(t('do.saved'));
    onClose();
  };
  const words = (name: string, value: unknown) => {
    if (name === 'step') return t(`step.${value as Step}`);
    if (name === 'clock') return t(`deadlines.${value as Policy['clock']}`);
    if (name === 'channel') return value ? title(String(value)) : t('deadlines.any');
    if (name === 'calendar_id') return calendars.find((c) => c.id === value)?.name ?? '';
    if (name === 'red_share_bp') return `${Number(value) / 100} %`;
    if (name === 'active') return value ? t('deadlines.active') : t('deadlines.off');
    return String(value);
  };
  const number = (name: 'minutes' | 'red_minutes', label: string) => (
    <NumberInput
      label={label}
      value={values[name]}
      min={1}
      max={100_000}
      onChange={(v) => set(name, Number(v) || 1)}
      error={form.errors[name]}
      name={name}
    />
  );
  return (
    <Modal
      opened
      onClose={onClose}
      title={policy ? policy.name : t('deadlines.add')}
      size={520}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault();
          void form.submit(async (body, version) => {
            const calendar_id =
              body.clock === 'working' ? (body.calendar_id ?? calendars[0]?.id ?? null) : null;
            const sent = { ...body, calendar_id };
            if (policy) await patch(`/api/policies/${policy.id}`, sent, version);
            else await post('/api/policies', sent);
            finish();
          });
        }}
      >
        <TextInput
          label={t('deadlines.name')}
          required
          withAsterisk={false}
          maxLength={100}
          {...form.field('name')}
          data-autofocus
        />
        <div className="form-two">
          <Select
            label={t('deadlines.step')}
            value={values.step}
            onChange={(v) => v && set('step', v as Step)}
            data={steps.map((s) => ({ value: s, label: t(`step.${s}`) }))}
          />
          <Select
            label={t('deadlines.channel')}
            value={values.channel}
            onChange={(v) => set('channel', v ?? '')}
            data={[
              { value: '', label: t('deadlines.any') },
              ...channels.map((c) => ({ value: c, label: title(c) })),
            ]}
          />
        </div>
        <div className="form-two">
          {number('minutes', t('deadlines.minutes'))}
          <Select
            label={t('deadlines.clock')}
            value={values.clock}
            onChange={(v) => v && set('clock', v as Policy['clock'])}
            data={[
              { value: 'wall', label: t('deadlines.wall') },
              { value: 'working', label: t('deadlines.working') },
            ]}
          />
        </div>
        {values.clock === 'working' && (
          <Select
            label={t('deadlines.calendar')}
            value={values.calendar_id ?? calendars[0]?.id ?? null}
            onChange={(v) => set('calendar_id', v)}
            data={calendars.map((c) => ({ value: c.id, label: c.name }))}
          />
        )}
        <div className="form-two">
          {number('red_minutes', t('deadlines.red_minutes'))}
          <NumberInput
            label={t('deadlines.red_share')}
            value={values.red_share_bp / 100}
            min={1}
            max={100}
            suffix=" %"
            onChange={(v) => set('red_share_bp', Math.round((Number(v) || 1) * 100))}
          />
        </div>
        <p className="caption">{t('deadlines.red_hint')}</p>
        <Switch
          label={t('deadlines.active')}
          checked={values.active}
          onChange={(e) => set('active', e.target.checked)}
        />
        <section className="tryout-box">
          <h3 className="tryout-title">{t('tryout.rule')}</h3>
          <TryOut ask={{ rule }} />
        </section>
        <section className="tryout-box">
          <h3 className="tryout-title">{t('rule_day.title')}</h3>
          <RuleDay rule={policy ? { ...rule, id: policy.id } : rule} />
        </section>
        {form.general && <div className="notice notice-red">{form.general}</div>}
        <div className="row">
          {policy && (
            <Button
              color="red"
              variant="subtle"
              onClick={() =>
                void form.submit(async () => {
                  await remove(`/api/policies/${policy.id}`, policy.version);
                  finish();
                })
              }
            >
              {t('do.delete')}
            </Button>
          )}
          <Submit size="md" className="end" loading={form.busy}>
            {t('do.save')}
          </Submit>
        </div>
        <ConflictDialog
          clash={form.clash}
          label={(name) => t(`deadlines.field_${name}`)}
          show={(name, value) => words(name, value)}
          onSettle={form.settle}
        />
      </form>
    </Modal>
  );
}
