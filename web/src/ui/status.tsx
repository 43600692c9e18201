import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconCheck,
  IconEye,
  IconHourglass,
  IconSend,
  IconX,
} from '@tabler/icons-react';
import { useWords } from '../base/words';
import { Tip } from './Tip';
import type { CommandState, HubStatus, Mark, RowCommand } from '../api/types';

const tints: Record<HubStatus, string> = {
  new: 'chip-accent',
  confirmed: 'chip-accent',
  assembling: '',
  ready_to_ship: '',
  in_delivery: '',
  at_pickup: '',
  delivered: 'chip-green',
  completed: 'chip-green',
  partly_returned: 'chip-amber',
  returning: 'chip-amber',
  returned: 'chip-amber',
  cancelled: '',
};

export function StatusChip({ status, native }: { status: HubStatus; native?: string | null }) {
  const { t } = useWords();
  const chip = <span className={`chip chip-dot ${tints[status]}`}>{t(`status.${status}`)}</span>;
  return native ? <Tip label={() => native}>{chip}</Tip> : chip;
}

const commandIcons: Record<CommandState, typeof IconCheck> = {
  held: IconHourglass,
  queued: IconHourglass,
  sending: IconSend,
  done: IconCheck,
  refused: IconAlertTriangle,
  dead: IconAlertTriangle,
  undone: IconArrowBackUp,
  dropped: IconX,
  shadow: IconEye,
};

/** Where a command to the marketplace is on its way. */
export function CommandChip({ command }: { command: Pick<RowCommand, 'op' | 'state' | 'text'> }) {
  const { t } = useWords();
  const Icon = commandIcons[command.state];
  const bad = command.state === 'refused' || command.state === 'dead';
  const tint = bad ? 'chip-red' : command.state === 'done' ? 'chip-green' : '';
  const chip = (
    <span className={`chip ${tint}`} data-command={command.state}>
      <Icon size={13} stroke={1.9} aria-hidden />
      {t(`command.${command.state}`)}
    </span>
  );
  const tip = command.text ? `${t(`action.${command.op}`)}: ${command.text}` : t(`action.${command.op}`);
  return <Tip label={() => tip}>{chip}</Tip>;
}

export function MarkChips({ marks }: { marks: Mark[] }) {
  const { t } = useWords();
  const shown = marks.filter((m) => m !== 'outside' && m !== 'lines_pending');
  return (
    <>
      {shown.map((m) => (
        <span
          key={m}
          className={`chip ${m === 'problem' || m === 'cancel_requested' || m === 'claim' ? 'chip-amber' : ''}`}
        >
          {t(`mark.${m}`)}
        </span>
      ))}
    </>
  );
}
