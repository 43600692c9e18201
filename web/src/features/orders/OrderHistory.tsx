import { Button, SegmentedControl, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import {
  IconArrowBackUp,
  IconArrowRight,
  IconNote,
  IconPencil,
  IconReceipt,
  IconSend,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { post } from '../../api/client';
import { keys } from '../../api/keys';
import type { HistoryEntry, OrderCard } from '../../api/types';
import { useOrderActions } from '../../base/orderActions';
import { useMay } from '../../base/shop';
import { Kbd, useWhen, When } from '../../ui/bits';
import { useChannelTitle } from '../../ui/ChannelBadge';
import { CommandChip } from '../../ui/status';
import { useChangeText } from './OrderNews';
import '../../ui/forms.css';

interface Entry {
  key: string;
  at: string;
  kind: 'status' | 'note' | 'command' | 'change';
  icon: typeof IconNote;
  body: React.ReactNode;
}

function StatusEntry({ entry }: { entry: HistoryEntry }) {
  const { t } = useTranslation();
  const title = useChannelTitle();
  const when = useWhen();
  const who = entry.actor_kind === 'channel' ? title(entry.actor_name) : entry.actor_name;
  const how = t(`actor.${entry.actor_kind}`, { name: who });
  const [word, until, ...why] = entry.note.split(' ');
  const ours =
    word === 'hold' || word === 'hold_lifted' || word === 'hold_over' || /^label_/.test(word ?? '');
  const note =
    entry.note === 'undo' ? t('history.undo') : word === 'hold' ? why.join(' ') : ours ? '' : entry.note;
  const head = ours
    ? t(`history.${word}`, { time: until ? when(until, true) : '' })
    : !entry.from
      ? t('history.came', { channel: who })
      : entry.to
        ? t('history.became', { from: t(`status.${entry.from}`), to: t(`status.${entry.to}`) })
        : t('history.note');
  return (
    <>
      <span>{head}</span>
      <span className="caption">
        {[
          entry.from ? how : null,
          ours ? null : entry.external_status,
          entry.implied ? t('history.implied') : null,
          note,
        ]
          .filter(Boolean)
          .join(' · ')}
      </span>
    </>
  );
}

export function OrderHistory({
  order,
  noteRef,
}: {
  order: OrderCard;
  noteRef: React.RefObject<HTMLTextAreaElement | null>;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay();
  const when = useWhen();
  const { settle, fail } = useOrderActions();
  const say = useChangeText(order);
  const channel = useChannelTitle()(order.channel);
  const [kind, setKind] = useState('all');
  const draftName = `sauda.draft.${order.id}`;
  const [text, setText] = useState(() => sessionStorage.getItem(draftName) ?? '');
  const write = (value: string) => {
    setText(value);
    sessionStorage.setItem(draftName, value);
  };
  const note = useMutation({
    mutationFn: () => post(`/api/orders/${order.id}/notes`, { text: text.trim() }),
    onSuccess: () => {
      write('');
      void client.invalidateQueries({ queryKey: keys.order(order.id) });
    },
    onError: fail,
  });
  const send = () => text.trim() && note.mutate();

  const entries: Entry[] = [
    ...order.history.map((h, i): Entry => ({
      key: `h${i}`,
      at: h.at,
      kind: 'status',
      icon: !h.from ? IconReceipt : h.note === 'undo' ? IconArrowBackUp : IconArrowRight,
      body: <StatusEntry entry={h} />,
    })),
    ...order.changes.map((c): Entry => ({
      key: `c${c.field}${c.at}`,
      at: c.at,
      kind: 'change',
      icon: IconPencil,
      body: (
        <>
          <span>{say(c)}</span>
          <span className="caption">{channel}</span>
        </>
      ),
    })),
    ...order.notes.map((n): Entry => ({
      key: n.id,
      at: n.at,
      kind: 'note',
      icon: IconNote,
      body: (
        <>
          <span className="note-text">{n.text}</span>
          <span className="caption">{n.author}</span>
        </>
      ),
    })),
    ...order.commands.map((c): Entry => ({
      key: c.id,
      at: c.at,
      kind: 'command',
      icon: IconSend,
      body: (
        <>
          <span>{t('history.command', { action: t(`action.${c.op}`) })}</span>
          <CommandChip command={c} />
          <span className="caption">
            {[
              c.text,
              c.tries > 1 ? t('history.tries', { count: c.tries }) : null,
              c.next_at && c.state === 'queued' ? t('history.next', { time: when(c.next_at) }) : null,
              c.done_at ? when(c.done_at) : null,
            ]
              .filter(Boolean)
              .join(' · ')}
          </span>
          {(c.state === 'dead' || c.state === 'refused') && may('orders.work') && (
            <span className="row">
              <Button size="xs" onClick={() => void settle(c.id, 'retry')}>
                {t('do.retry')}
              </Button>
              <Button size="xs" variant="subtle" onClick={() => void settle(c.id, 'drop')}>
                {t('history.drop')}
              </Button>
            </span>
          )}
        </>
      ),
    })),
  ]
    .filter((e) => kind === 'all' || e.kind === kind)
    .toSorted((a, b) => b.at.localeCompare(a.at));

  return (
    <section className="card">
      <div className="card-head">
        <h2 className="grow">{t('history.title')}</h2>
        <SegmentedControl
          size="xs"
          value={kind}
          onChange={setKind}
          data={['all', 'status', 'command', 'change', 'note'].map((v) => ({
            value: v,
            label: t(`history.kind_${v}`),
          }))}
          aria-label={t('history.filter')}
        />
      </div>
      <div className="card-body">
        {may('orders.note') && (
          <form
            className="note-form"
            onSubmit={(e) => {
              e.preventDefault();
              send();
            }}
          >
            <Textarea
              ref={noteRef}
              className="grow"
              minRows={1}
              size="sm"
              value={text}
              onChange={(e) => write(e.target.value)}
              onKeyDown={(e) => {
                if (e.code === 'Enter' && (e.ctrlKey || e.metaKey)) {
                  e.preventDefault();
                  send();
                }
              }}
              placeholder={t('history.placeholder')}
              aria-label={t('history.placeholder')}
              maxLength={4000}
              rightSection={text ? null : <Kbd>N</Kbd>}
            />
            {text.trim() && (
              <Button
                type="submit"
                variant="filled"
                loading={note.isPending}
                rightSection={<Kbd onInk>Ctrl Enter</Kbd>}
              >
                {t('do.save')}
              </Button>
            )}
          </form>
        )}
        <ol className="history">
          {entries.map((e) => (
            <li key={e.key}>
              <span className="quiet">
                <When at={e.at} />
              </span>
              <span className="history-icon">
                <e.icon size={14} stroke={1.9} aria-hidden />
              </span>
              <div className="history-body">{e.body}</div>
            </li>
          ))}
        </ol>
      </div>
    </section>
  );
}
