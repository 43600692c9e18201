import { Button, Select, Slider, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { get, patch } from '../../api/client';
import { keys } from '../../api/keys';
import type { ShopSettings } from '../../api/types';
import { countries, currencies } from '../../base/places';
import { useProblemText } from '../../base/problem';
import { closeToast, toast } from '../../base/toasts';
import { Bones, Card, ErrorState } from '../../ui/bits';
import { ConflictDialog } from '../../ui/ConflictDialog';
import { useBegun, useForm } from '../../ui/useForm';
import { SendingBox } from './SendingBox';
import '@mantine/core/styles/Slider.css';
import './shop.css';

export default function ShopPage() {
  const settings = useQuery({
    queryKey: keys.settings,
    queryFn: () => get<ShopSettings>('/api/settings'),
  });
  if (settings.error) return <ErrorState error={settings.error} retry={() => void settings.refetch()} />;
  if (!settings.data) return <Bones lines={6} height={34} />;
  return (
    <>
      <ShopSheet fresh={settings.data} />
      <SendingBox />
    </>
  );
}

function ShopSheet({ fresh }: { fresh: ShopSettings }) {
  const { kept, begin, end } = useBegun(fresh);
  return <ShopForm key={kept.version} kept={kept} onTouch={begin} onSaved={end} />;
}

type Values = Omit<ShopSettings, 'version'>;

/** Names, money and the clock of the shop; a saved change can be taken back from the toast. */
function ShopForm({
  kept,
  onTouch,
  onSaved,
}: {
  kept: ShopSettings;
  onTouch: () => void;
  onSaved: () => void;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const problem = useProblemText();
  const { version: begun, ...start } = kept;
  const form = useForm<Values>(start, { version: begun });
  const { values } = form;
  const differ = (now: Values) =>
    Object.fromEntries(
      Object.entries(now).filter(([name, value]) => start[name as keyof Values] !== value),
    ) as Partial<Values>;
  const send = async (change: Partial<Values>, version?: number) => {
    const saved = await patch<ShopSettings>('/api/settings', change, version);
    client.setQueryData(keys.settings, saved);
    void client.invalidateQueries();
    return saved.version;
  };
  const takeBack = async (change: Partial<Values>, version: number) => {
    try {
      await send(change, version);
    } catch (error) {
      toast(problem(error), { tone: 'error' });
    }
  };
  const save = async (now: Values, version?: number) => {
    const changed = differ(now);
    const before = Object.fromEntries(
      Object.keys(changed).map((name) => [name, start[name as keyof Values]]),
    ) as Partial<Values>;
    const saved = await send(changed, version);
    onSaved();
    const id = toast(t('do.saved'), {
      action: {
        label: t('do.undo'),
        testid: 'undo',
        run: () => {
          closeToast(id);
          void takeBack(before, saved);
        },
      },
    });
  };
  const zones = Object.entries(countries).map(([country, { zones: items }]) => ({
    group: t(`country.${country}`),
    items: [...items],
  }));
  const known = zones.some((g) => g.items.includes(values.time_zone));
  const pick = (name: 'country' | 'currency' | 'time_zone') => ({
    name,
    value: values[name],
    error: form.errors[name] || undefined,
    onChange: (v: string | null) => {
      onTouch();
      if (v) form.set(name, v);
    },
    allowDeselect: false,
  });
  const withKept = (list: string[], own: string) => (list.includes(own) ? list : [own, ...list]);
  return (
    <Card title={t('settings.shop')}>
      <form
        className="form"
        onChange={onTouch}
        onSubmit={(e) => {
          e.preventDefault();
          void form.submit(save);
        }}
      >
        <TextInput
          label={t('setup.shop_name')}
          required
          withAsterisk={false}
          maxLength={200}
          {...form.field('shop_name')}
        />
        <div className="form-two">
          <Select
            label={t('setup.country')}
            description={t('shop.country_hint')}
            {...pick('country')}
            data={withKept(Object.keys(countries), kept.country).map((c) => ({
              value: c,
              label: t(`country.${c}`, { defaultValue: c }),
            }))}
          />
          <Select
            label={t('setup.currency')}
            description={t('shop.currency_hint')}
            {...pick('currency')}
            data={withKept(currencies, kept.currency)}
          />
        </div>
        <Select
          label={t('setup.time_zone')}
          description={t('shop.time_zone_hint')}
          {...pick('time_zone')}
          data={known ? zones : [values.time_zone, ...zones]}
          searchable
        />
        <div>
          <div className="field-label" id="shop-hold">
            {t('profile.hold')}
          </div>
          <div className="shop-hold">
            <Slider
              min={0}
              max={15}
              step={1}
              value={values.hold_s}
              onChange={(v) => {
                onTouch();
                form.set('hold_s', v);
              }}
              label={(v) => t('span.s', { n: v })}
              marks={[{ value: 0 }, { value: 5 }, { value: 10 }, { value: 15 }]}
              thumbProps={{ 'aria-labelledby': 'shop-hold' }}
            />
            <span className="num strong">{t('span.s', { n: values.hold_s })}</span>
          </div>
          <p className="caption">{t('shop.hold_hint')}</p>
        </div>
        {form.general && (
          <div className="notice notice-red" role="alert">
            {form.general}
          </div>
        )}
        <div>
          <Button
            type="submit"
            variant="filled"
            size="md"
            loading={form.busy}
            disabled={Object.keys(differ(values)).length === 0}
          >
            {t('do.save')}
          </Button>
        </div>
        <ConflictDialog
          clash={form.clash}
          label={(name) => (name === 'hold_s' ? t('profile.hold') : t(`setup.${name}`))}
          show={(name, value) =>
            name === 'hold_s'
              ? t('span.s', { n: Number(value) })
              : name === 'country'
                ? t(`country.${String(value)}`, { defaultValue: String(value) })
                : String(value)
          }
          onSettle={form.settle}
        />
      </form>
    </Card>
  );
}
