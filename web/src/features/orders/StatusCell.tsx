import { IconAlertTriangle, IconCircleCheck, IconRefresh } from '@tabler/icons-react';
import { useWords } from '../../base/words';
import type { QueueRow } from '../../api/types';
import { useOrderActions } from '../../base/orderActions';
import { isOpen } from '../../base/rows';
import { useMay } from '../../base/shop';
import { useOffline } from '../../ui/bits';
import { CommandChip, MarkChips, StatusChip } from '../../ui/status';
import { Tip } from '../../ui/Tip';
import { useRefusalText } from './refusals';
import { useRowNote } from './rowNotes';

/** The channel said no: its reason in words, and the way to try again, on the row itself. */
function Refused({ command }: { command: NonNullable<QueueRow['command']> }) {
  const { t } = useWords();
  const { settle } = useOrderActions();
  const may = useMay();
  const offline = useOffline() !== null;
  const reason = command.text || t(`command.${command.state}`);
  return (
    <span className="row-refused" data-command={command.state}>
      <Tip label={() => `${t(`action.${command.op}`)}: ${reason}`}>
        <span className="chip chip-red cut">
          <IconAlertTriangle size={13} stroke={1.9} aria-hidden />
          <span className="cut">{reason}</span>
        </span>
      </Tip>
      {may('orders.work') && (
        <button
          type="button"
          className="row-do"
          tabIndex={-1}
          disabled={offline}
          onClick={(e) => {
            e.stopPropagation();
            void settle(command.id, 'retry');
          }}
        >
          <IconRefresh size={13} stroke={1.9} aria-hidden />
          {t('do.retry')}
        </button>
      )}
    </span>
  );
}

/** Where the order stands, and where its command to the channel is on its way. */
export function StatusCell({ row }: { row: QueueRow }) {
  const { t } = useWords();
  const note = useRowNote(row.id);
  const refusalText = useRefusalText();
  const command = row.command;
  const bad = command?.state === 'refused' || command?.state === 'dead';
  const taken = command?.state === 'done' ? command : null;
  return (
    <>
      {command && bad ? (
        <Refused command={command} />
      ) : note ? (
        <Tip label={() => `${t(`status.${row.status}`)}. ${refusalText(note)}`}>
          <span className="chip chip-amber cut" data-testid="row-note">
            <IconAlertTriangle size={13} stroke={1.9} aria-hidden />
            <span className="cut">{refusalText(note)}</span>
          </span>
        </Tip>
      ) : isOpen(command) ? (
        <CommandChip command={command} />
      ) : (
        <>
          <StatusChip status={row.status} native={row.external_status} />
          {taken && (
            <Tip label={() => `${t(`action.${taken.op}`)}: ${t('command.done')}`}>
              <IconCircleCheck
                size={14}
                stroke={1.9}
                className="good"
                aria-label={t('command.done')}
                role="img"
              />
            </Tip>
          )}
        </>
      )}
      <MarkChips marks={row.marks} />
    </>
  );
}
