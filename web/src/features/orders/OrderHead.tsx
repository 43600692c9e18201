import { ActionIcon, Button, CopyButton, Menu, Tooltip } from '@mantine/core';
import {
  IconArrowLeft,
  IconCheck,
  IconChevronLeft,
  IconChevronRight,
  IconDots,
  IconLink,
  IconPrinter,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { OrderAction, OrderCard } from '../../api/types';
import { formatNumber } from '../../base/format';
import { ChannelBadge } from '../../ui/ChannelBadge';
import { Kbd } from '../../ui/bits';
import { SlaChip } from '../../ui/SlaChip';
import { CommandChip, MarkChips, StatusChip } from '../../ui/status';

interface Props {
  order: OrderCard;
  /** Place among the orders that are walked through with J and K. */
  at: number;
  total: number;
  main: OrderAction | undefined;
  others: OrderAction[];
  canCancel: boolean;
  canHold: boolean;
  offline: boolean;
  onBack: () => void;
  onGo: (by: 1 | -1) => void;
  onRun: (action: OrderAction) => void;
  onHold: () => void;
  onPrint: () => void;
}

const mainKeys: Partial<Record<OrderAction, string>> = { confirm: 'C', assemble: 'W' };

/** Which order, how long there is, and what is to be done now. */
export function OrderHead(p: Props) {
  const { t } = useTranslation();
  const { order, at, total, main } = p;
  const last = at >= total - 1;
  return (
    <div className="record-head">
      <ActionIcon aria-label={t('do.back')} onClick={p.onBack}>
        <IconArrowLeft size={18} stroke={1.75} />
      </ActionIcon>
      <ChannelBadge channel={order.channel} />
      <h1 className="num">{formatNumber(order.number)}</h1>
      <CopyButton value={`${window.location.origin}/orders/${order.id}`}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? t('do.copied') : t('order.copy_link')}>
            <ActionIcon aria-label={t('order.copy_link')} onClick={copy}>
              {copied ? <IconCheck size={16} stroke={1.75} /> : <IconLink size={16} stroke={1.75} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
      <StatusChip status={order.status} native={order.external_status} />
      {order.deadline_at && <SlaChip due={order} />}
      {order.command && <CommandChip command={order.command} />}
      <MarkChips marks={order.marks} />
      <span className="record-actions">
        {at >= 0 && total > 1 && (
          <span className="caption order-walk">
            {t('order.position', { index: at + 1, total })}
            <Tooltip label={t('order.previous')}>
              <ActionIcon
                size={26}
                aria-label={t('order.previous')}
                disabled={at === 0}
                onClick={() => p.onGo(-1)}
              >
                <IconChevronLeft size={16} stroke={1.75} />
              </ActionIcon>
            </Tooltip>
            <Tooltip label={t('order.next')}>
              <ActionIcon size={26} aria-label={t('order.next')} disabled={last} onClick={() => p.onGo(1)}>
                <IconChevronRight size={16} stroke={1.75} />
              </ActionIcon>
            </Tooltip>
            <span className="order-walk-keys">
              <Kbd>J</Kbd> <Kbd>K</Kbd>
            </span>
          </span>
        )}
        <Button
          size="md"
          className="order-print"
          leftSection={<IconPrinter size={16} stroke={1.75} />}
          rightSection={<Kbd>P</Kbd>}
          onClick={p.onPrint}
        >
          {t('doc.go')}
        </Button>
        <Menu>
          <Menu.Target>
            <ActionIcon variant="default" size={34} aria-label={t('do.more')}>
              <IconDots size={18} stroke={1.75} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {p.others.map((a) => (
              <Menu.Item key={a} onClick={() => p.onRun(a)} disabled={p.offline}>
                {t(`action.${a}`)}
              </Menu.Item>
            ))}
            {p.canHold && (
              <Menu.Item onClick={p.onHold} rightSection={<Kbd>H</Kbd>} disabled={p.offline}>
                {t('action.hold')}
              </Menu.Item>
            )}
            <Menu.Item onClick={p.onPrint} rightSection={<Kbd>P</Kbd>}>
              {t('doc.go')}
            </Menu.Item>
            {p.canCancel && (
              <Menu.Item
                color="red"
                disabled={p.offline}
                onClick={() => p.onRun('cancel')}
                rightSection={<Kbd>Shift C</Kbd>}
              >
                {t('cancel.item')}
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
        {main && (
          <Button
            size="md"
            variant="filled"
            disabled={p.offline}
            leftSection={<IconCheck size={16} stroke={1.9} />}
            rightSection={mainKeys[main] && <Kbd onInk>{mainKeys[main]}</Kbd>}
            onClick={() => p.onRun(main)}
            data-testid="order-main"
          >
            {main === 'confirm' && total > 1 && !last ? t('order.confirm_next') : t(`action.${main}`)}
          </Button>
        )}
      </span>
    </div>
  );
}
