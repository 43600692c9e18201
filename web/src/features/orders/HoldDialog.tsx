import { Button, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { post } from '../../api/client';
import type { OrderCard, QueueRow } from '../../api/types';
import { serverClock } from '../../base/clock';
import { formatNumber } from '../../base/format';
import { useOrderActions } from '../../base/orderActions';
import { putRows } from '../../base/rows';
import { useShop } from '../../base/shop';
import { closeToast, toast } from '../../base/toasts';
import { dayIn, instantIn } from '../../base/zone';
import { useWhen } from '../../ui/bits';
import { useForm } from '../../ui/useForm';

/** Sets an order aside and brings it back; both are told by a toast with the way back. */
export function useHold(order: Pick<QueueRow, 'id' | 'number'>) {
  const { t } = useTranslation();
  const when = useWhen();
  const { refresh, fail } = useOrderActions();
  const release = async () => {
    try {
      putRows([await post<QueueRow>(`/api/orders/${order.id}/unhold`)]);
      toast(t('hold.back', { number: formatNumber(order.number) }));
    } catch (error) {
      fail(error);
    }
    refresh();
  };
  const put = async (until: string, reason: string) => {
    putRows([await post<QueueRow>(`/api/orders/${order.id}/hold`, { until, reason })]);
    const id = toast(t('hold.done', { number: formatNumber(order.number), time: when(until, true) }), {
      action: {
        label: t('do.undo'),
        testid: 'undo',
        run: () => {
          closeToast(id);
          void release();
        },
      },
    });
    refresh();
  };
  return { put, release };
}

/** H: until when, and why. The marketplace's clock runs on, so a date behind its deadline is said so. */
export function HoldDialog({ order, onClose }: { order: OrderCard; onClose: () => void }) {
  const { t } = useTranslation();
  const shop = useShop();
  const when = useWhen();
  const { put } = useHold(order);
  const day = (n: number) => dayIn(shop.time_zone, serverClock.now() + n * 86_400_000);
  const form = useForm({ until: day(1), time: '09:00', reason: '' });
  const [until, setUntil] = useState<string | null>(null);
  const { values } = form;
  const at = until ?? instantIn(shop.time_zone, values.until, values.time);
  const late = order.deadline_at !== null && at !== null && at > order.deadline_at;
  const inTwoHours = new Date(Math.ceil((serverClock.now() + 7_200_000) / 60_000) * 60_000).toISOString();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('hold.title', { number: formatNumber(order.number) })}
      size={420}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault();
          void form.submit(async () => {
            if (!at) return;
            await put(at, values.reason.trim());
            onClose();
          });
        }}
      >
        <div className="row row-wrap" role="group" aria-label={t('hold.quick')}>
          <Button size="xs" onClick={() => setUntil(inTwoHours)} aria-pressed={until === inTwoHours}>
            {t('hold.two_hours')}
          </Button>
          {[1, 3, 7].map((n) => (
            <Button
              key={n}
              size="xs"
              aria-pressed={until === null && values.until === day(n)}
              onClick={() => {
                setUntil(null);
                form.set('until', day(n));
              }}
            >
              {n === 1 ? t('hold.tomorrow') : t('hold.days', { count: n })}
            </Button>
          ))}
        </div>
        <div className="form-two">
          <TextInput
            type="date"
            label={t('hold.date')}
            min={day(0)}
            max={day(90)}
            {...form.field('until')}
            onChange={(e) => {
              setUntil(null);
              form.set('until', e.target.value);
            }}
          />
          <TextInput
            type="time"
            label={t('hold.time')}
            {...form.field('time')}
            onChange={(e) => {
              setUntil(null);
              form.set('time', e.target.value);
            }}
          />
        </div>
        <TextInput
          label={t('hold.reason')}
          placeholder={t('hold.reason_hint')}
          maxLength={200}
          {...form.field('reason')}
          data-autofocus
        />
        {at && <p className="soft">{t('hold.until', { time: when(at, true) })}</p>}
        {late && (
          <div className="notice notice-red">
            {t('hold.late', { time: when(order.deadline_at ?? '', true) })}
          </div>
        )}
        {form.general && <div className="notice notice-red">{form.general}</div>}
        <Button type="submit" variant="filled" size="md" loading={form.busy} disabled={!at}>
          {t('action.hold')}
        </Button>
      </form>
    </Modal>
  );
}
