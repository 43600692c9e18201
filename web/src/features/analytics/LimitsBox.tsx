import { Button, Modal, NumberInput, Select } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post } from '../../api/client';
import { keys } from '../../api/keys';
import type { Standing, StandingLimits } from '../../api/types';
import { serverClock } from '../../base/clock';
import { dayAt } from '../../base/days';
import { hundredths } from '../../base/hundredths';
import { useShop } from '../../base/shop';
import { toast } from '../../base/toasts';
import { useChannelTitle } from '../../ui/ChannelBadge';
import { Bones, Card, ErrorState, useLang, When } from '../../ui/bits';
import { DateField } from '../../ui/DateField';
import { Submit } from '../../ui/Submit';
import { useForm } from '../../ui/useForm';
import '../../ui/forms.css';

type Limit = StandingLimits['items'][number];
const figures = ['own_cancel', 'late_handover', 'rating'] as const;
const levels = ['warn', 'hard'] as const;

/** The limits that the standing is measured by, each from its day on. The owner changes them here; the past keeps those it had. */
export function LimitsBox({ accounts, edits }: { accounts: Standing['items']; edits: boolean }) {
  const { t } = useTranslation();
  const lang = useLang();
  const title = useChannelTitle();
  const [edited, setEdited] = useState<Partial<Limit> | null>(null);
  const limits = useQuery({
    queryKey: [...keys.standing, 'limits'],
    queryFn: () => get<StandingLimits>('/api/standing/limits'),
  });
  const channels = [...new Set(accounts.map((a) => a.channel))];
  const rows = limits.data?.items.filter((l) => channels.includes(l.channel)) ?? [];
  return (
    <Card
      title={t('standing.limits')}
      aside={
        edits && (
          <Button size="compact-sm" onClick={() => setEdited({})} data-testid="limit-add">
            {t('standing.limit_add')}
          </Button>
        )
      }
    >
      <p className="caption">{t('standing.limits_intro')}</p>
      {limits.error && <ErrorState error={limits.error} retry={() => void limits.refetch()} />}
      {!limits.data && !limits.error && <Bones lines={3} />}
      {rows.map((l) => (
        <div
          key={l.channel + l.figure + l.level + (l.valid_from ?? '')}
          className="standing-line"
          data-testid="standing-limit"
        >
          <span className="standing-name">
            <span className="line-block strong">{t(`standing.${l.figure}`)}</span>
            <span className="caption line-block">
              {title(l.channel)}, {t(`standing.level_${l.level}`)}
            </span>
          </span>
          <span className="standing-value num strong">
            {hundredths(l.value, lang)}
            {l.figure === 'rating' ? '' : ' %'}
          </span>
          <span className="grow caption">
            {t('standing.limit_from')} {l.valid_from ? <When at={l.valid_from} /> : t('standing.always')} ·{' '}
            {l.source}
          </span>
          {edits && (
            <Button size="compact-sm" variant="default" onClick={() => setEdited(l)}>
              {t('standing.limit_edit')}
            </Button>
          )}
        </div>
      ))}
      {edited && <LimitDialog limit={edited} channels={channels} onClose={() => setEdited(null)} />}
    </Card>
  );
}

interface DialogProps {
  limit: Partial<Limit>;
  channels: string[];
  onClose: () => void;
}

function LimitDialog({ limit, channels, onClose }: DialogProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const title = useChannelTitle();
  const today = dayAt(new Date(serverClock.now()).toISOString(), useShop().time_zone);
  const form = useForm({
    channel: limit.channel ?? channels[0] ?? '',
    figure: limit.figure ?? 'own_cancel',
    level: limit.level ?? 'hard',
    value: limit.value === undefined ? '' : String(limit.value / 100),
    days: String(limit.days ?? 30),
    valid_from: today,
  });
  const v = form.values;
  return (
    <Modal opened onClose={onClose} title={t(limit.figure ? 'standing.limit_edit' : 'standing.limit_add')}>
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          void form.submit(async (values) => {
            await post('/api/standing/limits', {
              ...values,
              value: Math.round(Number(values.value) * 100),
              days: Number(values.days),
            });
            void client.invalidateQueries({ queryKey: keys.standing });
            toast(t('standing.limit_saved'));
            onClose();
          });
        }}
      >
        <Select
          label={t('standing.limit_channel')}
          allowDeselect={false}
          data={channels.map((c) => ({ value: c, label: title(c) }))}
          value={v.channel}
          onChange={(channel) => channel && form.set('channel', channel)}
        />
        <Select
          label={t('standing.limit_figure')}
          allowDeselect={false}
          data={figures.map((f) => ({ value: f, label: t(`standing.${f}`) }))}
          value={v.figure}
          onChange={(figure) => figure && form.set('figure', figure as Limit['figure'])}
        />
        <Select
          label={t('standing.limit_level')}
          allowDeselect={false}
          data={levels.map((l) => ({ value: l, label: t(`standing.level_${l}`) }))}
          value={v.level}
          onChange={(level) => level && form.set('level', level as Limit['level'])}
        />
        <NumberInput
          label={`${t('standing.limit_value')}${v.figure === 'rating' ? '' : ', %'}`}
          min={0}
          max={v.figure === 'rating' ? 5 : 100}
          decimalScale={2}
          required
          withAsterisk={false}
          value={v.value}
          onChange={(value) => form.set('value', String(value))}
          error={form.errors.value}
          data-autofocus
        />
        <NumberInput
          label={t('standing.limit_days')}
          min={1}
          max={90}
          value={v.days}
          onChange={(days) => form.set('days', String(days))}
          error={form.errors.days}
        />
        <DateField label={t('standing.limit_from')} {...form.field('valid_from')} />
        {form.general && <div className="notice notice-red">{form.general}</div>}
        <Submit variant="default" size="md" loading={form.busy}>
          {t('do.save')}
        </Submit>
      </form>
    </Modal>
  );
}
