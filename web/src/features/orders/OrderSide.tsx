import { ActionIcon, Checkbox, CopyButton, TextInput, Tooltip } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { IconBrandWhatsapp, IconCopy, IconPhone, IconPlus, IconTag, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useWords } from '../../base/words';
import { ApiError, get, patch, post } from '../../api/client';
import { keys } from '../../api/keys';
import type { OrderCard, Task } from '../../api/types';
import { serverClock } from '../../base/clock';
import { formatPhone, formatTime } from '../../base/format';
import { useOrderActions } from '../../base/orderActions';
import { useMay, usePersonName } from '../../base/shop';
import { useTaskTitle } from '../../base/taskTitle';
import { Card, Money, Person, useWhen, When } from '../../ui/bits';
import { ChannelBadge, useChannelTitle } from '../../ui/ChannelBadge';
import { DeliveryWay } from '../../ui/people';
import { DeadlineWhy } from '../../ui/DeadlineWhy';
import { SlaChip, zoneAt, usedShare } from '../../ui/SlaChip';
import { CommentBox } from './CommentBox';
import { isFresh } from './OrderNews';
import '../../ui/record.css';
import './order.css';

/** Why this time: who set it, how much of it is gone, what happens after. */
export function DeadlineBox({ order }: { order: OrderCard }) {
  const { t } = useWords();
  const when = useWhen();
  const title = useChannelTitle();
  const step =
    order.deadlines.find((d) => d.step === order.deadline_step) ??
    order.deadlines.find((d) => d.state === 'running');
  if (!step || !order.deadline_at) return null;
  const used = usedShare(step.started_at, step.due_at, serverClock.now());
  const zone = zoneAt(order, serverClock.now());
  const rule =
    step.source === 'channel'
      ? t('deadline.by_channel', { channel: title(order.channel) })
      : t('deadline.by_policy', { name: step.policy ?? '' });
  const hours = Math.floor(step.total_min / 60);
  const minutes = step.total_min % 60;
  return (
    <section className="card deadline" data-zone={zone}>
      <div className="card-head">
        <h2 className="grow">{t(`deadline.${step.step}`)}</h2>
        <SlaChip due={order} />
      </div>
      <div className="card-body">
        <div className="deadline-bar" role="img" aria-label={t('deadline.used', { share: used })}>
          <span style={{ width: `${used}%` }} />
        </div>
        <div className="row deadline-times">
          <span className="caption">{t('deadline.from', { time: when(step.started_at, true) })}</span>
          {step.yellow_at && (
            <span className="caption">{t('deadline.half', { time: when(step.yellow_at, true) })}</span>
          )}
          <span className="strong end num">{t('order.until', { time: when(step.due_at, true) })}</span>
        </div>
        <p className="caption">
          {rule} · {t('deadline.total', { hours, minutes: String(minutes).padStart(2, '0') })} ·{' '}
          {t('deadline.moscow', { time: formatTime(step.due_at, 'Europe/Moscow') })}
        </p>
        <DeadlineWhy explain={step.explain} />
        {step.step === 'confirm' && (
          <p className="caption deadline-risk">{t('deadline.risk', { channel: title(order.channel) })}</p>
        )}
      </div>
    </section>
  );
}

/** A call, or a letter in WhatsApp: by the device, on a person's click. */
function PhoneLinks({ phone }: { phone: string }) {
  const { t } = useWords();
  const digits = phone.replace(/\D/g, '');
  return (
    <>
      <Tooltip label={t('order.call')}>
        <ActionIcon component="a" variant="default" href={`tel:${phone}`} aria-label={t('order.call')}>
          <IconPhone size={16} stroke={1.75} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t('order.whatsapp')}>
        <ActionIcon
          component="a"
          variant="default"
          href={`https://wa.me/${digits}`}
          target="_blank"
          rel="noreferrer"
          aria-label={t('order.whatsapp')}
        >
          <IconBrandWhatsapp size={16} stroke={1.75} />
        </ActionIcon>
      </Tooltip>
    </>
  );
}

export function CustomerCardBox({ order }: { order: OrderCard }) {
  const { t } = useWords();
  const may = useMay();
  const title = useChannelTitle();
  const c = order.customer;
  if (!c)
    return (
      <Card title={t('order.customer')}>
        <span className="quiet">{t('order.buyer_hidden')}</span>
      </Card>
    );
  const phone = c.phone ? formatPhone(c.phone) : null;
  return (
    <Card
      title={t('order.customer')}
      aside={
        may('customers.see') && (
          <Link to="/customers/$id" params={{ id: c.id }}>
            {t('order.customer_card')}
          </Link>
        )
      }
    >
      <div className="stack">
        <div className="row">
          <Person name={c.name} size={36} />
          <div className="grow">
            <div className="strong cut">{c.name}</div>
            <div className="soft num">{phone ?? t('order.phone_hidden')}</div>
            {!phone && (
              <div className="caption">{t('order.phone_hidden_hint', { channel: title(order.channel) })}</div>
            )}
          </div>
          {c.phone && !c.phone_masked && <PhoneLinks phone={c.phone} />}
          {c.phone && !c.phone_masked && (
            <CopyButton value={c.phone}>
              {({ copied, copy }) => (
                <Tooltip label={copied ? t('do.copied') : t('order.copy_phone')}>
                  <ActionIcon variant="default" aria-label={t('order.copy_phone')} onClick={copy}>
                    <IconCopy size={16} stroke={1.75} />
                  </ActionIcon>
                </Tooltip>
              )}
            </CopyButton>
          )}
        </div>
        {order.comment_buyer && <div className="notice notice-accent">{order.comment_buyer}</div>}
        <div className="figures-mini">
          <div>
            <div className="caption">{t('customer.orders')}</div>
            <div className="strong num">{c.orders_count}</div>
          </div>
          <div>
            <div className="caption">{t('customer.sum')}</div>
            <Money value={c.total} currency={c.currency} strong />
          </div>
        </div>
        {c.last_orders.length > 0 && (
          <div>
            {c.last_orders.map((o) => (
              <Link key={o.id} to="/orders/$id" params={{ id: o.id }} className="last-order">
                <ChannelBadge channel={o.channel} size={17} />
                <span className="quiet">
                  <When at={o.placed_at} />
                </span>
                <span className="grow cut">{t(`status.${o.status}`)}</span>
                <Money value={o.total} currency={o.currency} />
              </Link>
            ))}
          </div>
        )}
      </div>
    </Card>
  );
}

const freshBy: Record<string, string[]> = {
  method: ['delivery_method'],
  recipient: ['recipient_name', 'recipient_phone'],
  point: ['point_id'],
  promised: ['promised_to'],
};

export function DeliveryBox({ order }: { order: OrderCard }) {
  const { t } = useWords();
  const d = order.delivery;
  const other =
    order.recipient?.name && order.recipient.name !== order.customer_name ? order.recipient.name : null;
  const facts: [string, React.ReactNode][] = [
    ['method', d.method && <DeliveryWay native={d.method} />],
    ['recipient', other],
    ['point', d.point_id],
    ['carrier', d.carrier],
    ['track', d.track],
    ['promised', d.promised_to && <When at={d.promised_to} time />],
  ];
  return (
    <Card title={t('order.delivery')}>
      <div className="stack">
        {(d.address || d.city) && (
          <div data-fresh={isFresh(order, 'delivery_address')}>{d.address || d.city}</div>
        )}
        <dl className="facts">
          {facts.map(([name, value]) =>
            value ? (
              <div key={name} style={{ display: 'contents' }}>
                <dt>{t(`delivery.${name}`)}</dt>
                <dd data-fresh={isFresh(order, ...(freshBy[name] ?? []))}>{value}</dd>
              </div>
            ) : null,
          )}
        </dl>
      </div>
    </Card>
  );
}

export function TasksBox({ order }: { order: OrderCard }) {
  const { t } = useWords();
  const client = useQueryClient();
  const nameOf = usePersonName();
  const { fail } = useOrderActions();
  const titleOf = useTaskTitle();
  const [title, setTitle] = useState('');
  const done = () => {
    for (const key of [keys.order(order.id), keys.tasks, keys.overview])
      void client.invalidateQueries({ queryKey: key });
  };
  const add = useMutation({
    mutationFn: () => post(`/api/orders/${order.id}/tasks`, { title: title.trim() }),
    onSuccess: () => {
      setTitle('');
      done();
    },
    onError: fail,
  });
  const flip = useMutation({
    mutationFn: (task: Task) =>
      patch(`/api/tasks/${task.id}`, { state: task.state === 'done' ? 'open' : 'done' }, task.version),
    onSuccess: done,
    onError: fail,
  });
  return (
    <Card title={t('order.tasks')} aside={<Link to="/tasks">{t('task.all')}</Link>}>
      <div className="stack">
        {order.tasks.map((task) => (
          <div key={task.id} className="row">
            <Checkbox
              checked={task.state !== 'open'}
              disabled={task.state === 'cancelled'}
              onChange={() => flip.mutate(task)}
              label={titleOf(task)}
            />
            <span className="caption end">
              {[nameOf(task.assignee_id), task.rule ? t('order.by_rule') : null].filter(Boolean).join(' · ')}
            </span>
            {task.due_at && (
              <span className="caption">
                <When at={task.due_at} />
              </span>
            )}
          </div>
        ))}
        <form
          onSubmit={(e) => {
            e.preventDefault();
            if (title.trim()) add.mutate();
          }}
        >
          <TextInput
            size="sm"
            value={title}
            onChange={(e) => setTitle(e.target.value)}
            placeholder={t('order.add_task')}
            aria-label={t('order.add_task')}
            maxLength={200}
            leftSection={<IconPlus size={14} stroke={1.9} />}
          />
        </form>
      </div>
    </Card>
  );
}

export function TagsBox({
  order,
  onAssign,
  tagRef,
}: {
  order: OrderCard;
  onAssign: () => void;
  tagRef: React.RefObject<HTMLInputElement | null>;
}) {
  const { t } = useWords();
  const client = useQueryClient();
  const nameOf = usePersonName();
  const { fail, refresh } = useOrderActions();
  const [tag, setTag] = useState('');
  // The version grows with every change of the order: the same change is made once more on what is there now.
  const save = useMutation({
    mutationFn: async (change: (tags: string[]) => string[]) => {
      const put = (from: Pick<OrderCard, 'tags' | 'version'>) =>
        patch<OrderCard>(`/api/orders/${order.id}`, { tags: change(from.tags) }, from.version);
      try {
        return await put(order);
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== 'version.old') throw error;
        return put(await get<OrderCard>(`/api/orders/${order.id}`));
      }
    },
    onSuccess: () => {
      setTag('');
      void client.invalidateQueries({ queryKey: keys.order(order.id) });
      refresh();
    },
    onError: fail,
  });
  const who = nameOf(order.assignee_id);
  return (
    <Card title={t('order.tags')}>
      <div className="stack">
        <div className="row row-wrap">
          {order.tags.map((name) => (
            <span className="chip chip-line" key={name}>
              <IconTag size={12} stroke={2} aria-hidden />
              {name}
              <button
                type="button"
                className="chip-x"
                aria-label={t('order.tag_remove', { name })}
                onClick={() => save.mutate((tags) => tags.filter((x) => x !== name))}
              >
                <IconX size={12} stroke={2} />
              </button>
            </span>
          ))}
          <form
            onSubmit={(e) => {
              e.preventDefault();
              const name = tag.trim();
              if (name) save.mutate((tags) => (tags.includes(name) ? tags : [...tags, name]));
            }}
          >
            <TextInput
              ref={tagRef}
              size="xs"
              w={130}
              value={tag}
              onChange={(e) => setTag(e.target.value)}
              placeholder={t('order.tag_add')}
              aria-label={t('order.tag_add')}
              maxLength={40}
            />
          </form>
        </div>
        <div className="row">
          <span className="quiet grow">{t('order.assignee')}</span>
          <button type="button" className="link-button" onClick={onAssign}>
            {who ? (
              <>
                <Person name={who} /> {who}
              </>
            ) : (
              t('action.assign')
            )}
          </button>
        </div>
        <CommentBox order={order} />
      </div>
    </Card>
  );
}
