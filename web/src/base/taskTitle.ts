import { useTranslation } from 'react-i18next';
import type { Task } from '../api/types';
import { formatNumber } from './format';

/** People name their tasks; those made by rules carry a number or a command, the words are ours. */
export function useTaskTitle() {
  const { t, i18n } = useTranslation();
  return (task: Pick<Task, 'kind' | 'title'>): string => {
    if (task.kind === 'pick') return t('task.pick', { number: formatNumber(task.title) });
    const dead = task.kind === 'dead_command' ? /^(.*): (\w+)$/.exec(task.title) : null;
    const limit =
      task.kind === 'standing' || task.kind === 'reason' ? /^(.*): (\w+)$/.exec(task.title) : null;
    if (limit && task.kind === 'standing')
      return t('task.standing', { name: limit[1], figure: t(`notice.about_${limit[2]}`) });
    if (limit) return t('task.reason', { name: limit[1], reason: t(`notice.about_${limit[2]}`) });
    const action = dead ? `action.${dead[2]}` : '';
    if (dead && i18n.exists(action)) return t('task.dead', { channel: dead[1], action: t(action) });
    return task.title;
  };
}
