import { useWords } from '../base/words';

/* Our own signs: a shape, a letter, a muted hue. No marketplace's logo or colour. */
const shapes: Record<string, string> = {
  kaspi: 'M10 0a10 10 0 1 0 0 20 10 10 0 0 0 0-20Z',
  wildberries: 'M5 0h10a5 5 0 0 1 5 5v10a5 5 0 0 1-5 5H5a5 5 0 0 1-5-5V5a5 5 0 0 1 5-5Z',
  ozon: 'M10 0l8.7 5v10L10 20 1.3 15V5Z',
  yandex: 'M10 0l10 10-10 10L0 10Z',
  aliexpress: 'M10 0l10 7.4-3.8 12.1H3.8L0 7.4Z',
};
const letters: Record<string, string> = {
  kaspi: 'K',
  wildberries: 'W',
  ozon: 'O',
  yandex: 'Я',
  aliexpress: 'A',
};
const titles: Record<string, string> = {
  kaspi: 'Kaspi',
  wildberries: 'Wildberries',
  ozon: 'Ozon',
  aliexpress: 'AliExpress',
};

export function useChannelTitle() {
  const { t } = useWords();
  return (channel: string) =>
    titles[channel] ?? (channel === 'yandex' || channel === 'manual' ? t(`channel.${channel}`) : channel);
}

export function ChannelBadge({ channel, size = 20 }: { channel: string; size?: number }) {
  const title = useChannelTitle()(channel);
  const shape = shapes[channel];
  const letter = letters[channel] ?? title.slice(0, 1).toUpperCase();
  const name = shape ? channel : 'site';
  return (
    <svg
      className="badge"
      width={size}
      height={size}
      viewBox="0 0 20 20"
      role="img"
      aria-label={title}
      data-testid="channel-badge"
      data-channel={channel}
    >
      <title>{title}</title>
      {shape ? (
        <path d={shape} fill={`var(--${name}-bg)`} />
      ) : (
        <rect x="1" y="1" width="18" height="18" rx="3" fill="none" stroke="var(--site)" strokeWidth="1.5" />
      )}
      <text x="10" y="13.8" textAnchor="middle" fontSize="10.5" fontWeight="700" fill={`var(--${name})`}>
        {letter}
      </text>
    </svg>
  );
}
