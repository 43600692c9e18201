import { Menu, Popover } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import {
  IconAlertTriangle,
  IconBasket,
  IconCheck,
  IconDots,
  IconPackage,
  IconTag,
  IconTruckDelivery,
  IconUserPlus,
  IconX,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { BulkAction, OrderAction, Refusal } from '../../api/types';
import { formatCount, formatNumber } from '../../base/format';
import { useOrderActions, type Picked } from '../../base/orderActions';
import { useMay } from '../../base/shop';
import { Kbd, Money, useLang, useOffline } from '../../ui/bits';

export function useRefusalText() {
  const { t, i18n } = useTranslation();
  return (r: Pick<Refusal, 'code' | 'text'>) => {
    const key = `problem.${r.code.replaceAll('.', '_')}`;
    return i18n.exists(key) ? t(key) : r.text;
  };
}

export function Refusals({ list }: { list: Refusal[] }) {
  const text = useRefusalText();
  return (
    <ul className="refusals">
      {list.slice(0, 50).map((r) => (
        <li key={r.id}>
          <span className="strong num">{formatNumber(r.number)}</span> <span className="soft">{text(r)}</span>
        </li>
      ))}
    </ul>
  );
}

const icons: Partial<Record<OrderAction, typeof IconCheck>> = {
  assemble: IconBasket,
  ready: IconPackage,
  hand_over: IconTruckDelivery,
};
const letters: Partial<Record<OrderAction, string>> = { confirm: 'C', assemble: 'W' };

interface Props {
  /** Named and tried before it is done. */
  main: OrderAction;
  picked: Picked;
  count: number;
  onRun: (action: BulkAction) => void;
  onAssign: () => void;
  onTag: () => void;
  onClear: () => void;
}

/** Says how many, how much and what will be refused, before anything is done. */
export function BulkBar({ main, picked, count, onRun, onAssign, onTag, onClear }: Props) {
  const { t } = useTranslation();
  const lang = useLang();
  const may = useMay();
  const offline = useOffline() !== null;
  const { tryBulk } = useOrderActions();
  const dry = useQuery({
    queryKey: ['queue', 'dry', main, picked],
    queryFn: () => tryBulk(main, picked),
    enabled: may('orders.work'),
    placeholderData: (old) => old,
  });
  const refused = dry.data?.refused ?? [];
  const work = may('orders.work');
  const button = (action: BulkAction, Icon: typeof IconCheck, key: string | null, first = false) => (
    <button
      type="button"
      className={first ? 'bulk-main' : 'bulk-do'}
      disabled={offline}
      onClick={() => (action === 'assign' ? onAssign() : onRun(action))}
      data-testid={`bulk-${action}`}
    >
      <Icon size={16} stroke={1.75} aria-hidden />
      <span className="bulk-word">{t(`action.${action}`)}</span>
      {key && <Kbd>{key}</Kbd>}
    </button>
  );
  return (
    <div className="bulk" role="region" aria-label={t('bulk.label')} data-testid="bulk-bar">
      <span className="strong num">{t('bulk.picked', { count, n: formatCount(count, lang) })}</span>
      {dry.data && (
        <span className="bulk-soft">
          <Money value={dry.data.sum} currency={dry.data.currency} />
        </span>
      )}
      {refused.length > 0 && (
        <Popover position="top-start" width={380}>
          <Popover.Target>
            <button type="button" className="bulk-warn" data-testid="bulk-refused">
              <IconAlertTriangle size={15} stroke={1.75} aria-hidden />
              {t('bulk.refused', { count: refused.length })}
            </button>
          </Popover.Target>
          <Popover.Dropdown p="md">
            <Refusals list={refused} />
          </Popover.Dropdown>
        </Popover>
      )}
      <span className="bulk-line" />
      {work && button(main, icons[main] ?? IconCheck, letters[main] ?? null, true)}
      {work && main === 'confirm' && button('assemble', IconBasket, 'W')}
      {work && main === 'assemble' && button('ready', IconPackage, null)}
      {work && button('assign', IconUserPlus, 'A')}
      {work && (
        <Menu position="top-end">
          <Menu.Target>
            <button type="button" className="bulk-do" disabled={offline}>
              <IconDots size={16} stroke={1.75} aria-hidden />
              <span className="bulk-word">{t('do.more')}</span>
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPackage size={16} stroke={1.75} />} onClick={() => onRun('ready')}>
              {t('action.ready')}
            </Menu.Item>
            <Menu.Item
              leftSection={<IconTruckDelivery size={16} stroke={1.75} />}
              onClick={() => onRun('hand_over')}
            >
              {t('action.hand_over')}
            </Menu.Item>
            <Menu.Item onClick={() => onRun('release')}>{t('action.release')}</Menu.Item>
            <Menu.Item
              leftSection={<IconTag size={16} stroke={1.75} />}
              rightSection={<Kbd>T</Kbd>}
              onClick={onTag}
            >
              {t('keys.tag')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      <span className="bulk-line" />
      <button type="button" className="bulk-do" onClick={onClear} aria-label={t('bulk.clear')}>
        <IconX size={16} stroke={1.75} aria-hidden />
        <Kbd>Esc</Kbd>
      </button>
    </div>
  );
}
