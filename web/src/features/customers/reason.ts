import { useTranslation } from 'react-i18next';
import type { Evidence, Language } from '../../api/types';
import { formatDecimal } from '../../base/format';

export type Sign = NonNullable<Evidence>[number];
export const speaksFor = (e: Sign) => e.weight > 0;

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);

/** Why two records are taken for one person: what agrees, then what does not, as a sentence. */
export function useReason() {
  const { t, i18n } = useTranslation();
  const say = (e: Sign) => t(`evidence.${e.code.replace('.', '_')}`);
  return (evidence: Evidence | undefined, rule: string) => {
    const signs = evidence ?? [];
    const agree = signs.filter(speaksFor).map(say).join(', ');
    const differ = signs.filter((e) => e.weight < 0).map(say);
    const named = i18n.exists(`identity.rule_${rule}`) ? t(`identity.rule_${rule}`) : t('identity.rule_none');
    return capital([agree || named, ...differ].join('; '));
  };
}

/** What one sign adds to the score: "+10", "−1,5". */
export function usePoints() {
  const { i18n } = useTranslation();
  return (weight: number) => {
    const n = formatDecimal((Math.abs(Math.round(weight / 10)) / 10).toFixed(1), i18n.language as Language);
    return weight === 0 ? '0' : `${weight < 0 ? '−' : '+'}${n}`;
  };
}

/** The score as people read it: hundredths of a bit are nobody's matter. */
export function useScore() {
  const { t, i18n } = useTranslation();
  return (score: number) => {
    const tenths = Math.round(score / 10);
    const n = formatDecimal((tenths / 10).toFixed(1), i18n.language as Language);
    return tenths % 10 ? t('identity.score', { n }) : t('identity.score_whole', { count: tenths / 10, n });
  };
}
