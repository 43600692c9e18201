import { ActionIcon } from '@mantine/core';
import { IconArrowsRightLeft } from '@tabler/icons-react';
import { memo, useCallback, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { QueueRow } from '../../../api/types';
import { serverClock } from '../../../base/clock';
import { formatNumber } from '../../../base/format';
import { isOpen } from '../../../base/rows';
import { usePersonName } from '../../../base/shop';
import { ChannelBadge } from '../../../ui/ChannelBadge';
import { Money, Person, useSpan } from '../../../ui/bits';
import { BuyerName } from '../../../ui/people';
import { SlaChip } from '../../../ui/SlaChip';
import { CommandChip, MarkChips, StatusChip } from '../../../ui/status';

export interface CardHandlers {
  onGrab: (event: React.PointerEvent, row: QueueRow) => void;
  onPick: (event: React.MouseEvent, row: QueueRow) => void;
  onOpen: (row: QueueRow) => void;
  onMenu: (row: QueueRow) => void;
}

interface Props extends CardHandlers {
  row: QueueRow;
  start: number;
  height: number;
  position: number;
  focused: boolean;
  selected: boolean;
  dragged: boolean;
  /** Moved on by somebody else; it stays in sight until the hand has left. */
  gone: boolean;
}

/** How long the order has its status; drawn anew only when its text changes. */
function Stay({ since }: { since: string }) {
  const { t } = useTranslation();
  const span = useSpan();
  const read = useCallback(() => Math.floor((serverClock.now() - Date.parse(since)) / 60_000), [since]);
  const minutes = Math.max(0, useSyncExternalStore(serverClock.onTick, read));
  const text = span(Math.max(1, minutes) * 60);
  return (
    <span className="num board-stay" title={t('board.in_status', { span: text })}>
      {text}
    </span>
  );
}

export const Card = memo(function Card(props: Props) {
  const { row, onGrab, onPick, onOpen, onMenu } = props;
  const { t } = useTranslation();
  const person = usePersonName()(row.assignee_id);
  return (
    <div
      id={`card-${row.id}`}
      data-testid={`card-${row.id}`}
      role="row"
      aria-selected={props.selected}
      aria-rowindex={props.position}
      className="board-card"
      style={{ transform: `translateY(${props.start}px)`, height: props.height }}
      data-focused={props.focused || undefined}
      data-dragged={props.dragged || undefined}
      data-gone={props.gone || undefined}
      onPointerDown={(e) => onGrab(e, row)}
      onClick={(e) => onPick(e, row)}
      onDoubleClick={() => onOpen(row)}
    >
      <div role="gridcell" className="board-card-cell">
        <div className="row">
          <SlaChip due={row} />
          <ChannelBadge channel={row.channel} size={17} />
          <span className="strong num cut grow">{formatNumber(row.number)}</span>
          <ActionIcon
            variant="subtle"
            size={24}
            tabIndex={-1}
            className="board-card-move"
            aria-label={t('board.move', { number: formatNumber(row.number) })}
            onPointerDown={(e) => e.stopPropagation()}
            onClick={(e) => {
              e.stopPropagation();
              onMenu(row);
            }}
          >
            <IconArrowsRightLeft size={15} stroke={1.75} />
          </ActionIcon>
        </div>
        <div className="row board-card-who">
          <BuyerName name={row.customer_name} className="cut grow" />
          <Money value={row.total} currency={row.currency} strong />
        </div>
        <div className="row caption">
          <span className="cut grow">
            {row.title}
            {row.lines_count > 1 && ` +${row.lines_count - 1}`}
          </span>
          {props.gone ? (
            <StatusChip status={row.status} />
          ) : isOpen(row.command) ? (
            <CommandChip command={row.command} />
          ) : (
            <MarkChips marks={row.marks.slice(0, 1)} />
          )}
          {row.status_since && !props.gone && <Stay since={row.status_since} />}
          {person && <Person name={person} size={18} />}
        </div>
      </div>
    </div>
  );
});
