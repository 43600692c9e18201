import { useTranslation } from 'react-i18next';
import type { Tryout } from '../api/types';
import { partsWords } from '../base/deadlineWords';

/** Why a deadline falls where it does: «Это 30 минут в пятницу и 90 минут в понедельник.» Of wall time there is nothing to tell. */
export function DeadlineWhy({ explain }: { explain: Tryout['explain'] | null | undefined }) {
  const { t } = useTranslation();
  if (!explain || explain.parts.length < 2) return null;
  return (
    <p className="caption" data-testid="deadline-why">
      {t('deadline.why', { parts: partsWords(explain.parts, t) })}
    </p>
  );
}
