import { Button, Checkbox, Modal } from '@mantine/core';
import { IconFileText, IconListCheck, IconPrinter, IconTag } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OrderCard } from '../../api/types';
import { formatNumber } from '../../base/format';
import { useChannelTitle } from '../../ui/ChannelBadge';
import { Card, Kbd } from '../../ui/bits';
import { PrintSheet } from './PrintSheet';

interface Doc {
  kind: 'sheet' | 'label' | 'waybill';
  icon: typeof IconTag;
  title: string;
  /** Why it is not there yet; null: it can be printed now. */
  waits: string | null;
}

/** What can be printed of an order, and what the rest waits for. */
function useDocuments(order: OrderCard): Doc[] {
  const { t } = useTranslation();
  const channel = useChannelTitle()(order.channel);
  const over = order.status === 'cancelled';
  const there = t('doc.in_cabinet', { channel });
  const label = over ? t('doc.cancelled') : order.status === 'new' ? t('doc.after_confirm') : there;
  const waybill = over
    ? t('doc.cancelled')
    : ['new', 'confirmed', 'assembling'].includes(order.status)
      ? t('doc.after_ready')
      : there;
  const empty = order.lines.length ? null : t('order.lines_later');
  return [
    { kind: 'label', icon: IconTag, title: t('doc.label', { channel }), waits: label },
    { kind: 'sheet', icon: IconListCheck, title: t('doc.sheet'), waits: empty },
    { kind: 'waybill', icon: IconFileText, title: t('doc.waybill'), waits: waybill },
  ];
}

export function DocumentsBox({ order, onPrint }: { order: OrderCard; onPrint: () => void }) {
  const { t } = useTranslation();
  const docs = useDocuments(order);
  return (
    <Card
      title={t('doc.title')}
      aside={
        <Button size="xs" leftSection={<IconPrinter size={14} stroke={1.9} />} onClick={onPrint}>
          {t('doc.all')}
        </Button>
      }
    >
      <ul className="docs">
        {docs.map((d) => (
          <li key={d.kind}>
            <d.icon size={16} stroke={1.75} aria-hidden />
            <span className="grow">{d.title}</span>
            {d.waits ? (
              <span className="quiet">{d.waits}</span>
            ) : (
              <span className="doc-ready">{t('doc.ready')}</span>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** P: what is due is ticked, what is not there yet says why. */
export function PrintDialog({ order, onClose }: { order: OrderCard; onClose: () => void }) {
  const { t } = useTranslation();
  const docs = useDocuments(order);
  const ready = docs.some((d) => d.waits === null);
  const [printing, setPrinting] = useState(false);
  return (
    <>
      <Modal
        opened
        onClose={onClose}
        title={t('doc.print', { number: formatNumber(order.number) })}
        size={420}
        closeButtonProps={{ 'aria-label': t('do.close') }}
      >
        <form
          className="stack"
          data-testid="print"
          onSubmit={(e) => {
            e.preventDefault();
            setPrinting(true);
          }}
        >
          {docs.map((d) => (
            <Checkbox
              key={d.kind}
              label={d.title}
              description={d.waits ?? t('doc.a4')}
              checked={d.waits === null}
              disabled={d.waits !== null}
              readOnly
            />
          ))}
          <Button
            type="submit"
            variant="filled"
            size="md"
            disabled={!ready}
            leftSection={<IconPrinter size={16} stroke={1.75} />}
            rightSection={<Kbd onInk>Enter</Kbd>}
            data-autofocus
          >
            {t('doc.go')}
          </Button>
        </form>
      </Modal>
      {printing && (
        <PrintSheet
          order={order}
          onDone={() => {
            setPrinting(false);
            onClose();
          }}
        />
      )}
    </>
  );
}
