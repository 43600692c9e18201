import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client';

/** What happened, in words chosen by the server's code. */
export function useProblemText() {
  const { t, i18n } = useTranslation();
  return useCallback(
    (error: unknown): string => {
      if (!(error instanceof ApiError)) return t('problem.internal');
      const key = `problem.${error.code.replaceAll('.', '_')}`;
      return i18n.exists(key) ? t(key) : t('problem.internal');
    },
    [t, i18n],
  );
}
