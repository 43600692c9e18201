import { Menu, Popover } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import {
  IconAlertTriangle,
  IconArrowsExchange,
  IconBan,
  IconBasket,
  IconCheck,
  IconDots,
  IconPackage,
  IconPlayerPause,
  IconPrinter,
  IconTag,
  IconTruckDelivery,
  IconUserPlus,
  IconX,
} from '@tabler/icons-react';
import { Fragment, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { BulkAction, OrderAction } from '../../api/types';
import { formatCount } from '../../base/format';
import { useOrderActions, type Picked } from '../../base/orderActions';
import { pickedActions } from '../../base/picked';
import { useProblemText } from '../../base/problem';
import { useMay } from '../../base/shop';
import { Kbd, Money, useLang, useOffline } from '../../ui/bits';
import { Refusals } from './refusals';
import '../../ui/bulk.css';

type Act = OrderAction | 'assign' | 'status' | 'tag' | 'hold' | 'cancel' | 'labels';
const icons: Partial<Record<Act, typeof IconCheck>> = {
  assemble: IconBasket,
  ready: IconPackage,
  hand_over: IconTruckDelivery,
  assign: IconUserPlus,
  status: IconArrowsExchange,
  tag: IconTag,
  hold: IconPlayerPause,
  cancel: IconBan,
  labels: IconPrinter,
};
const letters: Partial<Record<Act, string>> = {
  confirm: 'C',
  assemble: 'W',
  assign: 'A',
  status: 'S',
  tag: 'T',
  hold: 'H',
  cancel: 'Shift C',
  labels: 'P',
};
/** The three beside «assign»: what is next for most, and what follows it. */
const following: Partial<Record<OrderAction, OrderAction>> = {
  confirm: 'assemble',
  assemble: 'ready',
  ready: 'hand_over',
};

interface Props {
  /** Named and tried before it is done. */
  main: OrderAction;
  picked: Picked;
  count: number;
  onRun: (action: BulkAction) => void;
  onDialog: (kind: 'assign' | 'status' | 'tag' | 'hold' | 'cancel' | 'labels') => void;
  onClear: () => void;
}

/** Says how many, how much and what will be refused, before anything is done. */
export default function BulkBar({ main, picked, count, onRun, onDialog, onClear }: Props) {
  const { t } = useTranslation();
  const lang = useLang();
  const may = useMay();
  const problemText = useProblemText();
  const offline = useOffline() !== null;
  const { tryBulk } = useOrderActions();
  const work = may('orders.work');
  const packs = may('picking');
  const dry = useQuery({
    queryKey: ['queue', 'dry', main, picked],
    queryFn: () => tryBulk(main, picked),
    enabled: work,
    placeholderData: (old) => old,
    retry: false,
  });
  const refused = dry.data?.refused ?? [];
  const button = (act: Act, run: () => void, first = false) => {
    const Icon = icons[act] ?? IconCheck;
    return (
      <button
        type="button"
        className={first ? 'bulk-main' : 'bulk-do'}
        disabled={offline}
        onClick={run}
        data-testid={`bulk-${act}`}
      >
        <Icon size={16} stroke={1.75} aria-hidden />
        <span className="bulk-word">{t(`action.${act}`)}</span>
        {letters[act] && <Kbd>{letters[act]}</Kbd>}
      </button>
    );
  };
  const item = (act: Act, run: () => void) => {
    const Icon = icons[act] ?? IconCheck;
    return (
      <Menu.Item
        leftSection={<Icon size={16} stroke={1.75} />}
        rightSection={letters[act] && <Kbd>{letters[act]}</Kbd>}
        onClick={run}
        data-testid={`bulk-${act}`}
      >
        {t(`action.${act}`)}
      </Menu.Item>
    );
  };
  const second = following[main];
  // The palette offers the same first, for as long as something is selected.
  useEffect(() => {
    const offer = (act: Act, run: () => void) => ({ name: act, label: t(`action.${act}`), run });
    const actions = [
      offer(main, () => onRun(main)),
      ...(second ? [offer(second, () => onRun(second))] : []),
      ...(['assign', 'status', 'tag'] as const).map((act) => offer(act, () => onDialog(act))),
      ...(packs ? [offer('labels', () => onDialog('labels'))] : []),
      ...(may('orders.cancel') ? [offer('cancel', () => onDialog('cancel'))] : []),
    ];
    pickedActions.set(work && !offline ? { count, actions } : null);
  });
  useEffect(() => () => pickedActions.set(null), []);
  return (
    <div className="bulk" role="region" aria-label={t('bulk.label')} data-testid="bulk-bar">
      <span className="bulk-says">
        <span className="strong num">{t('bulk.picked', { count, n: formatCount(count, lang) })}</span>
        {dry.data && dry.data.sums.length > 0 && (
          <span className="bulk-soft" data-testid="bulk-sum">
            {dry.data.sums.map((s, i) => (
              <Fragment key={s.currency}>
                {i > 0 && ' + '}
                <Money value={s.sum} currency={s.currency} />
              </Fragment>
            ))}
          </span>
        )}
        {dry.error ? (
          <span className="bulk-warn" role="alert">
            <IconAlertTriangle size={15} stroke={1.75} aria-hidden />
            {problemText(dry.error)}
          </span>
        ) : (
          refused.length > 0 && (
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
          )
        )}
      </span>
      <span className="bulk-line" />
      {work && button(main, () => onRun(main), true)}
      {work && second && button(second, () => onRun(second))}
      {packs && button('labels', () => onDialog('labels'), !work)}
      {work && button('assign', () => onDialog('assign'))}
      {work && (
        <Menu position="top-end">
          <Menu.Target>
            <button type="button" className="bulk-do" disabled={offline} data-testid="bulk-more">
              <IconDots size={16} stroke={1.75} aria-hidden />
              <span className="bulk-word">{t('do.more')}</span>
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            {item('status', () => onDialog('status'))}
            {item('tag', () => onDialog('tag'))}
            {item('hold', () => onDialog('hold'))}
            {may('orders.cancel') && (
              <>
                <Menu.Divider />
                {item('cancel', () => onDialog('cancel'))}
              </>
            )}
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
