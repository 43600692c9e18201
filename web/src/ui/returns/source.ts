import { useTranslation } from 'react-i18next';
import { useChannelTitle } from '../ChannelBadge';

/* Where a term comes from, as the server keeps it: a law with its article, a rule of a channel, a rule of the shop, or the market's own
 * word for this one return. */
export type Source =
  | { kind: 'law'; country: 'KZ' | 'RU' | 'UA'; article: string; open: boolean }
  | { kind: 'market' }
  | { kind: 'channel'; name: string }
  | { kind: 'house' }
  | { kind: 'named'; name: string };

const countries = { Kazakhstan: 'KZ', Russia: 'RU', Ukraine: 'UA' } as const;

export function readSource(text: string): Source | null {
  if (!text) return null;
  if (text === 'channel') return { kind: 'market' };
  const law = /^law of (Kazakhstan|Russia|Ukraine)\b/.exec(text)?.[1] as keyof typeof countries | undefined;
  if (law)
    return {
      kind: 'law',
      country: countries[law],
      article: /art\. ([\d.-]+)/.exec(text)?.[1] ?? '',
      open: text.includes('to be confirmed'),
    };
  if (text.startsWith('house rule')) return { kind: 'house' };
  const channel = /^(Kaspi|Wildberries|Ozon)\b/.exec(text)?.[1];
  return channel ? { kind: 'channel', name: channel.toLowerCase() } : { kind: 'named', name: text };
}

export function useSourceText() {
  const { t } = useTranslation();
  const title = useChannelTitle();
  return (text: string, channel: string): string => {
    const source = readSource(text);
    if (!source) return '';
    switch (source.kind) {
      case 'law': {
        const law = t(`term.law_${source.country}`);
        return source.article ? t('term.article', { law, article: source.article }) : law;
      }
      case 'market':
        return t('term.channel', { channel: title(channel) });
      case 'channel':
        return t('term.channel', { channel: title(source.name) });
      case 'house':
        return t('term.house');
      default:
        return t('term.policy', { name: source.name });
    }
  };
}

/** What does not fit in a return, in words. */
export function useTroubleText() {
  const { t } = useTranslation();
  return (text: string): string => {
    const many = /^more units than were bought: (\d+) of (\d+)/.exec(text);
    return many ? t('returns.too_many', { units: many[1], bought: many[2] }) : text;
  };
}
