import { ActionIcon, Tooltip } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { IconAdjustmentsHorizontal, IconLock } from '@tabler/icons-react';
import { useEffect, useImperativeHandle, useMemo, useRef, useState, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardColumn, BoardTimes, QueueRow } from '../../../api/types';
import { serverClock } from '../../../base/clock';
import { formatCount } from '../../../base/format';
import { useStableRows } from '../../../base/rows';
import { useMay } from '../../../base/shop';
import { Money, useLang, useSpan } from '../../../ui/bits';
import { Card, type CardHandlers } from './Card';
import { useBoardWords } from './words';
import { stayOf, type Target } from './moves';

const cardHeight = 88;

export interface ColumnHandle {
  rows: () => QueueRow[];
  show: (id: string) => void;
}

interface Props extends CardHandlers {
  column: BoardColumn;
  rows: QueueRow[];
  listKey: string;
  complete: boolean;
  times: BoardTimes | undefined;
  /** Cards that this person has moved here or away: they follow the hand at once. */
  mine: ReadonlySet<string>;
  selected: ReadonlySet<string>;
  focusId: string | null;
  current: boolean;
  dragged: ReadonlySet<string>;
  /** What dropping here would mean; null when nothing is dragged or it is the cards' own column. */
  target: Target | null;
  saying: string;
  over: boolean;
  held: boolean;
  onFocusIn: () => void;
  onEnd: (() => void) | undefined;
  onLimit: () => void;
  ref?: Ref<ColumnHandle>;
}

function Head({ column, times, onLimit }: Pick<Props, 'column' | 'times' | 'onLimit'>) {
  const { t } = useTranslation();
  const lang = useLang();
  const span = useSpan();
  const may = useMay();
  const { name } = useBoardWords();
  const stage = times?.stages.find((s) => s.status === column.status);
  const age = column.oldest_at ? stayOf(column.oldest_at, serverClock.now()) : null;
  const over = column.limit !== null && column.count > column.limit;
  return (
    <div className="board-head" data-over={over || undefined}>
      <div className="row">
        <h2 className="cut">{name(column.status)}</h2>
        <span className={over ? 'chip chip-amber num' : 'chip num'} data-testid={`count-${column.status}`}>
          {column.limit === null
            ? formatCount(column.count, lang)
            : t('board.of_limit', {
                n: formatCount(column.count, lang),
                limit: formatCount(column.limit, lang),
              })}
        </span>
        {may('settings') && (
          <Tooltip label={t('board.limit_label', { name: name(column.status) })}>
            <ActionIcon
              variant="subtle"
              size={24}
              className="end"
              aria-label={t('board.limit_label', { name: name(column.status) })}
              onClick={onLimit}
            >
              <IconAdjustmentsHorizontal size={15} stroke={1.75} />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
      <div className="board-sums num" data-testid={`sum-${column.status}`}>
        {column.sums.length === 0 ? (
          <span className="quiet">—</span>
        ) : (
          column.sums.map((s) => (
            <span key={s.currency}>
              <Money value={s.sum} currency={s.currency} strong />
            </span>
          ))
        )}
      </div>
      <div className="caption board-ages">
        {age !== null && (
          <Tooltip label={t('board.oldest_hint')}>
            <span data-testid={`oldest-${column.status}`}>
              {age ? t('board.oldest', { span: span(age) }) : t('board.oldest_now')}
            </span>
          </Tooltip>
        )}
        {stage && (
          <Tooltip label={t('board.median_hint', { count: stage.orders, total: times?.orders ?? 0 })}>
            <span>{t('board.median', { span: span(stage.median_s) })}</span>
          </Tooltip>
        )}
      </div>
    </div>
  );
}

export function Column(props: Props) {
  const { column, listKey, complete, mine, target, onEnd } = props;
  const { t } = useTranslation();
  const lang = useLang();
  const { name } = useBoardWords();
  const box = useRef<HTMLDivElement>(null);
  const [hover, setHover] = useState(false);
  const stable = useStableRows(props.rows, listKey, hover || props.held, complete);
  // What the person moves follows the hand; what others move stays where it was until the hand has left.
  const rows = useMemo(() => {
    const kept = stable.rows.filter((r) => r.status === column.status || !mine.has(r.id));
    const shown = new Set(kept.map((r) => r.id));
    const arrived = props.rows.filter(
      (r) => mine.has(r.id) && !shown.has(r.id) && r.status === column.status,
    );
    return [...arrived, ...kept];
  }, [stable.rows, props.rows, mine, column.status]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => cardHeight,
    getItemKey: (i) => rows[i]?.id ?? i,
    overscan: 4,
    paddingStart: 8,
    paddingEnd: 8,
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (onEnd && rows.length && last >= rows.length - 8) onEnd();
  }, [last, rows.length, onEnd]);
  useImperativeHandle(props.ref, () => ({
    rows: () => rows,
    show: (id) => {
      const i = rows.findIndex((r) => r.id === id);
      if (i >= 0) virtual.scrollToIndex(i, { align: 'auto' });
      box.current?.focus({ preventScroll: true });
    },
  }));
  const drop = target ? (target.why ? 'no' : 'may') : undefined;
  return (
    <section
      className="board-column"
      data-column={column.status}
      data-drop={drop}
      data-over={(target && props.over) || undefined}
      aria-label={name(column.status)}
    >
      <Head column={column} times={props.times} onLimit={props.onLimit} />
      {target && props.over && (
        <div className={target.why ? 'board-say board-say-no' : 'board-say'} data-testid="board-say">
          {target.why && <IconLock size={14} stroke={1.9} aria-hidden />}
          {props.saying}
        </div>
      )}
      <div
        ref={box}
        className="board-cards"
        role={rows.length ? 'grid' : 'group'}
        aria-multiselectable={rows.length ? true : undefined}
        aria-rowcount={rows.length ? column.count : undefined}
        aria-label={`${name(column.status)}, ${t('count.orders', { count: column.count })}`}
        tabIndex={0}
        aria-activedescendant={props.current && props.focusId ? `card-${props.focusId}` : undefined}
        onFocus={props.onFocusIn}
        onPointerEnter={() => setHover(true)}
        onPointerLeave={() => setHover(false)}
      >
        <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {shown.map((v) => {
            const row = rows[v.index];
            if (!row) return null;
            return (
              <Card
                key={v.key}
                row={row}
                start={v.start}
                height={cardHeight - 8}
                position={v.index + 1}
                focused={props.current && props.focusId === row.id}
                selected={props.selected.has(row.id)}
                dragged={props.dragged.has(row.id)}
                gone={row.status !== column.status}
                onGrab={props.onGrab}
                onPick={props.onPick}
                onOpen={props.onOpen}
                onMenu={props.onMenu}
              />
            );
          })}
        </div>
        {rows.length === 0 && <div className="board-empty quiet">{t('board.empty')}</div>}
      </div>
      {(stable.waiting > 0 || rows.length < column.count) && (
        <div className="board-foot caption">
          {stable.waiting > 0 ? (
            <button type="button" className="board-waiting" onClick={stable.merge}>
              {t('orders.waiting', { count: stable.waiting })}
            </button>
          ) : (
            t('board.shown', { n: formatCount(rows.length, lang), total: formatCount(column.count, lang) })
          )}
        </div>
      )}
    </section>
  );
}
