import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client';

const sentences: [RegExp, string][] = [
  [/^must be (\d+) to (\d+) (?:bytes|characters|letters)/, 'length'],
  [/^must be (?:text of )?at most ()(\d+) (?:bytes|characters)/, 'longest'],
  [/^must be a (?:whole )?number from (-?\d+) to (-?\d+)$/, 'number'],
  [/^(?:is needed|is missing|must not be empty|must be given)$/, 'needed'],
  [/^must be given again/, 'again'],
  [/(?:is taken|exists|has this login|of this name already)/, 'taken'],
  [/last active owner/, 'last_owner'],
  [/more rights than he has/, 'rights'],
  [/guessed first/, 'common'],
  [/^this code is wrong/, 'code'],
  [/like the login/, 'like_login'],
  [/^is wrong$/, 'mistaken'],
  [/^this shop is connected already as (.+)$/, 'connected'],
];

/** What is wrong with one field: the server's English sentence in the words of the language. */
export function useFieldText() {
  const { t, i18n } = useTranslation();
  return useCallback(
    (text: string): string => {
      if (i18n.language === 'en') return text;
      for (const [pattern, name] of sentences) {
        const found = pattern.exec(text);
        if (found) return t(`field.${name}`, { from: found[1], to: found[2] });
      }
      return t('field.wrong', { text });
    },
    [t, i18n],
  );
}

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
