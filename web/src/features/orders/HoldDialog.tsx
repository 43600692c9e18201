import { Button, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { post } from '../../api/client';
import type { QueueRow } from '../../api/types';
import { serverClock } from '../../base/clock';
import { formatNumber } from '../../base/format';
import { useOrderActions } from '../../base/orderActions';
import { putRows } from '../../base/rows';
import { useShop } from '../../base/shop';
import { closeToast, toast } from '../../base/toasts';
import { dayIn, instantIn } from '../../base/zone';
import { useWhen } from '../../ui/bits';
import { Submit } from '../../ui/Submit';
import { useForm } from '../../ui/useForm';
import { DateField } from '../../ui/DateField';

type Held = Pick<QueueRow, 'id' | 'number'>;

/** Sets orders aside and brings them back; both are told by a toast with the way back. */
export function useHold(orders: Held[]) {
  const { t } = useTranslation();
  const when = useWhen();
  const { refresh, fail } = useOrderActions();
  const one = orders.length === 1 ? orders[0] : undefined;
  /** One after another; what the server refuses is told, and the rest goes on. */
  const each = async (list: Held[], send: (id: string) => Promise<QueueRow>) => {
    const done: Held[] = [];
    let refused: unknown = null;
    for (const order of list)
      try {
        putRows([await send(order.id)]);
        done.push(order);
      } catch (error) {
        refused ??= error;
      }
    refresh();
    return { done, refused };
  };
  const release = async (list = orders) => {
    const { done, refused } = await each(list, (id) => post<QueueRow>(`/api/orders/${id}/unhold`));
    if (refused) fail(refused);
    if (one && done.length) toast(t('hold.back', { number: formatNumber(one.number) }));
    else if (done.length) toast(t('hold.back_many', { count: done.length }));
  };
  const put = async (until: string, reason: string) => {
    const { done, refused } = await each(orders, (id) =>
      post<QueueRow>(`/api/orders/${id}/hold`, { until, reason }),
    );
    if (!done.length) throw refused;
    if (refused) fail(refused);
    const time = when(until, true);
    const text = one
      ? t('hold.done', { number: formatNumber(one.number), time })
      : t('hold.done_many', { count: done.length, time });
    const id = toast(text, {
      action: {
        label: t('do.undo'),
        testid: 'undo',
        run: () => {
          closeToast(id);
          void release(done);
        },
      },
    });
  };
  return { put, release: () => release() };
}

/* The first deadline of them all is the one that is told. */
const firstOf = (orders: { deadline_at: string | null }[]) =>
  orders.flatMap((o) => (o.deadline_at ? [o.deadline_at] : [])).toSorted()[0] ?? null;

/** H: until when, and why. The marketplace's clock runs on, so a date behind its deadline is said so. */
export function HoldDialog({
  orders,
  onClose,
  onDone,
}: {
  orders: Pick<QueueRow, 'id' | 'number' | 'deadline_at'>[];
  onClose: () => void;
  onDone?: () => void;
}) {
  const { t } = useTranslation();
  const shop = useShop();
  const when = useWhen();
  const { put } = useHold(orders);
  const deadline = firstOf(orders);
  const day = (n: number) => dayIn(shop.time_zone, serverClock.now() + n * 86_400_000);
  const form = useForm({ until: day(1), time: '09:00', reason: '' });
  const [until, setUntil] = useState<string | null>(null);
  const { values } = form;
  const at = until ?? instantIn(shop.time_zone, values.until, values.time);
  const late = deadline !== null && at !== null && at > deadline;
  const inTwoHours = new Date(Math.ceil((serverClock.now() + 7_200_000) / 60_000) * 60_000).toISOString();
  return (
    <Modal
      opened
      onClose={onClose}
      title={
        orders.length === 1
          ? t('hold.title', { number: formatNumber(orders[0]?.number ?? '') })
          : t('hold.title_many', { count: orders.length })
      }
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
            onDone?.();
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
          <DateField
            label={t('hold.date')}
            min={day(0)}
            max={day(90)}
            {...form.field('until')}
            onChange={(e) => {
              setUntil(null);
              form.set('until', e.target.value);
            }}
          />
          <DateField
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
          <div className="notice notice-red">{t('hold.late', { time: when(deadline ?? '', true) })}</div>
        )}
        {form.general && <div className="notice notice-red">{form.general}</div>}
        <Submit size="md" loading={form.busy} disabled={!at}>
          {t('action.hold')}
        </Submit>
      </form>
    </Modal>
  );
}
