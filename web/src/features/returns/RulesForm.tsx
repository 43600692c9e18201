import { Checkbox, Switch, TextInput, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { get, put } from '../../api/client';
import { keys } from '../../api/keys';
import type { ReturnRules } from '../../api/types';
import { useShop } from '../../base/shop';
import { toast } from '../../base/toasts';
import { Card } from '../../ui/bits';
import { ConflictDialog } from '../../ui/ConflictDialog';
import { Submit } from '../../ui/Submit';
import { useBegun, useForm } from '../../ui/useForm';
import { amountOf, amountText } from './amount';
import { groups } from './filterOptions';

const numbers = [
  'few_orders',
  'period_days',
  'silent_days',
  'dropoff_days',
  'forgotten_days',
  'lost_days',
] as const;
type NumberName = (typeof numbers)[number];
/* What is written in the fields; the server's numbers and sums are text here. */
interface Values extends Record<NumberName, string> {
  active: boolean;
  price_limit: string;
  refund_limit: string;
  groups: string[];
  share: string;
  not_returnable: string;
}

export const toValues = (r: ReturnRules): Values => ({
  ...(Object.fromEntries(numbers.map((n) => [n, String(r[n])])) as Record<NumberName, string>),
  active: r.active,
  price_limit: amountText(r.price_limit),
  refund_limit: amountText(r.refund_limit),
  groups: r.groups,
  share: String(Math.round(r.share_bp / 100)),
  not_returnable: r.not_returnable.join('\n'),
});
export const toBody = (v: Values) => ({
  ...Object.fromEntries(numbers.map((n) => [n, Number(v[n] || 0)])),
  active: v.active,
  price_limit: amountOf(v.price_limit) ?? v.price_limit,
  refund_limit: amountOf(v.refund_limit) ?? v.refund_limit,
  groups: v.groups,
  share_bp: Math.round(Number(v.share || 0) * 100),
  not_returnable: [
    ...new Set(
      v.not_returnable
        .split('\n')
        .map((a) => a.trim())
        .filter(Boolean),
    ),
  ],
});

export function RulesForm({ fresh }: { fresh: ReturnRules }) {
  const { kept, begin, end } = useBegun(fresh);
  return <Sheet key={kept.version} kept={kept} onTouch={begin} onSaved={end} />;
}

/** What is approved without a person, from which sum on two people pay, and what happens by itself after how many days. */
function Sheet({ kept, onTouch, onSaved }: { kept: ReturnRules; onTouch: () => void; onSaved: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const shop = useShop();
  const form = useForm<Values>(toValues(kept), {
    version: kept.version,
    current: async () => {
      const now = await get<ReturnRules>('/api/returns/rules');
      return { ...toValues(now), version: now.version };
    },
  });
  const { values } = form;
  const save = async (now: Values, version?: number) => {
    const saved = await put<ReturnRules>('/api/returns/rules', { ...toBody(now), version });
    onSaved();
    client.setQueryData(keys.returnRules, saved);
    toast(t('do.saved'));
    return saved.version;
  };
  const number = (name: NumberName | 'share', unit: string) => (
    <TextInput
      key={name}
      {...form.field(name)}
      label={t(`return_rule.${name}`)}
      inputMode="numeric"
      maxLength={5}
      rightSection={<span className="caption">{unit}</span>}
      onChange={(e) => form.set(name, e.target.value.replace(/\D/g, ''))}
    />
  );
  const money = (name: 'price_limit' | 'refund_limit') => (
    <TextInput
      {...form.field(name)}
      label={t(`return_rule.${name}`)}
      description={t(`return_rule.${name}_hint`)}
      inputMode="decimal"
      maxLength={16}
      rightSection={<span className="caption">{shop.currency}</span>}
      rightSectionWidth={44}
    />
  );
  const flip = (group: string) => {
    onTouch();
    form.set(
      'groups',
      values.groups.includes(group) ? values.groups.filter((g) => g !== group) : [...values.groups, group],
    );
  };
  return (
    <form
      className="stack"
      data-testid="return-rules"
      onChange={onTouch}
      onSubmit={(e) => {
        e.preventDefault();
        void form.submit(save);
      }}
    >
      <Card title={t('return_rule.auto')}>
        <div className="form">
          <p className="caption">{t('return_rule.auto_hint')}</p>
          <Switch
            label={t('return_rule.active')}
            checked={values.active}
            onChange={(e) => form.set('active', e.currentTarget.checked)}
          />
          {money('price_limit')}
          <fieldset className="ret-groups">
            <legend>{t('return_rule.groups')}</legend>
            {groups.map((g) => (
              <Checkbox
                key={g}
                label={t(`reason.${g}`)}
                checked={values.groups.includes(g)}
                onChange={() => flip(g)}
              />
            ))}
          </fieldset>
          <div className="form-two">
            {number('share', '%')}
            {number('few_orders', '')}
            {number('period_days', t('return_rule.days'))}
          </div>
          <Textarea
            {...form.field('not_returnable')}
            label={t('return_rule.not_returnable')}
            description={t('return_rule.not_returnable_hint')}
            autosize
            minRows={2}
            maxRows={8}
          />
        </div>
      </Card>
      <Card title={t('return_rule.money')}>
        <div className="form">{money('refund_limit')}</div>
      </Card>
      <Card title={t('return_rule.itself')}>
        <div className="form">
          <div className="form-two">
            {(['silent_days', 'dropoff_days', 'forgotten_days', 'lost_days'] as const).map((n) =>
              number(n, t('return_rule.days')),
            )}
          </div>
        </div>
      </Card>
      {form.general && <div className="notice notice-red">{form.general}</div>}
      <div className="row">
        <Submit loading={form.busy}>{t('do.save')}</Submit>
      </div>
      <ConflictDialog clash={form.clash} label={(name) => t(`return_rule.${name}`)} onSettle={form.settle} />
    </form>
  );
}
