import { Modal, UnstyledButton } from '@mantine/core';
import { IconArrowRight, IconLock, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { QueueRow } from '../../../api/types';
import { formatNumber } from '../../../base/format';
import { useHotkeys } from '../../../base/hotkeys';
import type { Target } from './moves';
import { useBoardWords } from './words';

/** S: where the cards may go, what that brings with it, and of the other places why they may not. */
export function MoveMenu({
  cards,
  targets,
  onChoose,
  onClose,
}: {
  cards: QueueRow[];
  targets: Target[];
  onChoose: (target: Target) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const words = useBoardWords();
  const step = (by: number) => {
    const all = [...document.querySelectorAll<HTMLElement>('.move-target')];
    const at = all.indexOf(document.activeElement as HTMLElement);
    all[(at + by + all.length) % all.length]?.focus();
  };
  useHotkeys({ ArrowDown: () => step(1), ArrowUp: () => step(-1) }, { inDialog: true });
  const title =
    cards.length === 1
      ? t('board.move', { number: formatNumber(cards[0]?.number ?? '') })
      : t('board.move_many', { count: cards.length });
  const first = targets.find((x) => !x.why);
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={420}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <ul className="move-targets" data-testid="move-menu">
        {targets.map((target) => {
          const Icon = target.why ? IconLock : target.to === 'cancelled' ? IconX : IconArrowRight;
          return (
            <li key={target.to}>
              <UnstyledButton
                className="move-target"
                data-autofocus={target === first || undefined}
                aria-disabled={target.why !== null}
                data-testid={`move-${target.to}`}
                onClick={() => !target.why && onChoose(target)}
              >
                <Icon size={16} stroke={1.75} aria-hidden />
                <span className="grow">
                  <span className="strong">{words.name(target.to)}</span>
                  <span className="caption move-say">{words.say(target, cards)}</span>
                </span>
              </UnstyledButton>
            </li>
          );
        })}
      </ul>
    </Modal>
  );
}
