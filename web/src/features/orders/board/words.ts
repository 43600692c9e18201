import { useTranslation } from 'react-i18next';
import type { HubStatus } from '../../../api/types';
import { useChannelTitle } from '../../../ui/ChannelBadge';
import { toldOf, type Target } from './moves';

type Cards = Parameters<typeof toldOf>[1];

/** A column's name, and what a move brings with it or why it may not be, in one sentence. */
export function useBoardWords() {
  const { t, i18n } = useTranslation();
  const title = useChannelTitle();
  const name = (status: HubStatus) =>
    i18n.exists(`path.${status}`) ? t(`path.${status}`) : t(`status.${status}`);
  const effects = (target: Target, cards: Cards): string => {
    if (!target.move) return '';
    const told = toldOf(target.move, cards).map(title).join(', ');
    const task = target.move.task;
    const all = [
      ...(task === 'begins' || task === 'ends' ? [t(`board.effect_task_${task}`)] : []),
      ...(told ? [t('board.effect_tells', { names: told })] : []),
    ];
    return all.length ? all.join(', ') : t('board.effect_none');
  };
  const say = (target: Target, cards: Cards) =>
    target.why ? t(`board.why_${target.why}`) : effects(target, cards);
  return { name, effects, say };
}
