import type { Language } from '../api/types';
import { formatDecimal } from './format';

/** Hundredths as the server counts them: 588 is «5,88 %», a rating of 430 is «4,3». */
export const hundredths = (n: number, lang: Language) =>
  formatDecimal(
    `${Math.trunc(n / 100)}.${String(n % 100)
      .padStart(2, '0')
      .replace(/0$/, '')}`,
    lang,
  );
