import { IconAlertTriangle, IconCheck, IconHourglass, IconRobot, IconSend } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ReturnRow, ReturnState } from '../../api/types';
import { Tip } from '../Tip';

const tints: Record<ReturnState, string> = {
  requested: 'chip-accent',
  checking: 'chip-accent',
  info_needed: 'chip-amber',
  approved: '',
  awaiting_dropoff: '',
  in_transit: '',
  lost: 'chip-red',
  received: 'chip-accent',
  inspected: 'chip-accent',
  partly_approved: 'chip-amber',
  refunding: 'chip-amber',
  replacing: 'chip-amber',
  refunded: 'chip-green',
  replaced: 'chip-green',
  rejected: '',
  rejected_after_check: '',
  expired: '',
  cancelled: '',
  closed: '',
};

/** Where a return stands, in our words; the market's own word is a hover away. */
export function ReturnStateChip({ state, native }: { state: ReturnState; native?: string | null }) {
  const { t } = useTranslation();
  const chip = <span className={`chip chip-dot ${tints[state]}`}>{t(`return_state.${state}`)}</span>;
  return native ? <Tip label={() => native}>{chip}</Tip> : chip;
}

/** A decision on its way to the market, or one that the market did not take. */
export function ReturnCommandChip({ command }: { command: NonNullable<ReturnRow['command']> }) {
  const { t } = useTranslation();
  const bad = command.state === 'refused' || command.state === 'dead';
  const Icon = bad
    ? IconAlertTriangle
    : command.state === 'done'
      ? IconCheck
      : command.state === 'sending'
        ? IconSend
        : IconHourglass;
  const tint = bad ? 'chip-red' : command.state === 'done' ? 'chip-green' : '';
  return (
    <Tip label={() => command.text || t(`command.${command.state}`)}>
      <span className={`chip ${tint}`} data-command={command.state}>
        <Icon size={13} stroke={1.9} aria-hidden />
        {t(`command.${command.state}`)}
      </span>
    </Tip>
  );
}

/** A rule has decided, not a person. */
export function RuleChip({ rule, small }: { rule: string; small?: boolean }) {
  const { t } = useTranslation();
  return (
    <Tip label={() => t('returns.by_rule', { name: rule })}>
      <span
        className="chip chip-violet"
        aria-label={small ? t('returns.rule') : undefined}
        role={small ? 'img' : undefined}
      >
        <IconRobot size={13} stroke={1.9} aria-hidden />
        {!small && t('returns.rule')}
      </span>
    </Tip>
  );
}

/** Our word for why, and the market's own below it. */
export function useReasonText() {
  const { t, i18n } = useTranslation();
  return (code: string | null) =>
    code ? (i18n.exists(`reason.${code}`) ? t(`reason.${code}`) : code) : t('returns.unexplained');
}
