import { Button, Checkbox, Modal } from '@mantine/core';
import { IconFileText, IconListCheck, IconPrinter, IconTag } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Label, OrderCard } from '../../api/types';
import { formatNumber } from '../../base/format';
import { useMay } from '../../base/shop';
import { useChannelTitle } from '../../ui/ChannelBadge';
import { Card, Kbd, useWhen } from '../../ui/bits';
import { LabelGroups } from './labels/LabelGroups';
import { useLabels } from './labels/useLabels';
import { PrintSheet } from './PrintSheet';

interface Doc {
  kind: 'sheet' | 'waybill';
  icon: typeof IconTag;
  title: string;
  /** Why it is not there yet; null: it can be printed now. */
  waits: string | null;
}

/* At Kaspi the paper on the box is the waybill itself. */
const waybillIsLabel = (order: OrderCard) => order.channel === 'kaspi';

/** Papers of our own, and what the channel gives for a hand-over as a whole; labels have a list of their own. */
function useDocuments(order: OrderCard): Doc[] {
  const { t } = useTranslation();
  const channel = useChannelTitle()(order.channel);
  const early = ['new', 'confirmed', 'assembling'].includes(order.status);
  const over = order.status === 'cancelled' ? t('doc.cancelled') : null;
  const waybill = over ?? (early ? t('doc.after_ready') : t('doc.in_cabinet', { channel }));
  const sheet: Doc = {
    kind: 'sheet',
    icon: IconListCheck,
    title: t('doc.sheet'),
    waits: order.lines.length ? null : t('order.lines_later'),
  };
  return waybillIsLabel(order)
    ? [sheet]
    : [sheet, { kind: 'waybill', icon: IconFileText, title: t('doc.waybill'), waits: waybill }];
}

function useLabelTitle(order: OrderCard) {
  const { t } = useTranslation();
  const channel = useChannelTitle()(order.channel);
  return t(waybillIsLabel(order) ? 'doc.waybill_of' : 'doc.label', { channel });
}

/** Short words for the list: there, printed, on its way, or what it waits for. */
function useLabelState(order: OrderCard, label: Label | undefined) {
  const { t } = useTranslation();
  const when = useWhen();
  if (!label) return '';
  const why = label.problem.replace(/^label\./, '').replace(/\./g, '_');
  if (label.state === 'waiting') return t('doc.label_waits');
  if (label.state === 'here')
    return label.printed_at
      ? t('doc.label_printed', { time: when(label.printed_at, true) })
      : t('doc.label_ready');
  if (why === 'over' && order.status === 'cancelled') return t('doc.cancelled');
  if (why === 'after_confirm' || why === 'after_ready') return t(`doc.${why}`);
  return why ? t([`label_problem.${why}`, 'label_problem.other']) : t('doc.label_ask');
}

function LabelRow({ order }: { order: OrderCard }) {
  const label = useLabels({ ids: [order.id] }, false).data?.items[0];
  const title = useLabelTitle(order);
  const says = useLabelState(order, label);
  return (
    <li data-testid="doc-label" data-state={label?.state}>
      <IconTag size={16} stroke={1.75} aria-hidden />
      <span className="grow">{title}</span>
      <span className={label?.state === 'here' ? 'doc-ready' : 'quiet'}>{says}</span>
    </li>
  );
}

export function DocumentsBox({ order, onPrint }: { order: OrderCard; onPrint: () => void }) {
  const { t } = useTranslation();
  const may = useMay();
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
        {may('picking') && <LabelRow order={order} />}
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

/** P: the label when there is one, and the papers of our own; what is not there yet says why. */
export function PrintDialog({ order, onClose }: { order: OrderCard; onClose: () => void }) {
  const { t } = useTranslation();
  const may = useMay();
  const docs = useDocuments(order);
  const label = useLabelTitle(order);
  const ready = docs.some((d) => d.waits === null);
  const [printing, setPrinting] = useState(false);
  return (
    <>
      <Modal
        opened
        onClose={onClose}
        title={t('doc.print', { number: formatNumber(order.number) })}
        size={560}
        closeButtonProps={{ 'aria-label': t('do.close') }}
      >
        <div className="stack" data-testid="print">
          {may('picking') && (
            <section aria-label={label}>
              <h3 className="card-title">{label}</h3>
              <LabelGroups picked={{ ids: [order.id] }} />
            </section>
          )}
          <form
            className="stack"
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
        </div>
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
