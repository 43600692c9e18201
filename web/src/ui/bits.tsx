import { Button, Skeleton } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useSyncExternalStore, type ReactNode } from 'react';
import { useWords } from '../base/words';
import { ApiError } from '../api/client';
import type { Language } from '../api/types';
import { serverClock } from '../base/clock';
import { formatFull, formatMoney, formatWhen, initials } from '../base/format';
import { bindings, boundKey } from '../base/hotkeys';
import { useProblemText } from '../base/problem';
import { useShop, useZone } from '../base/shop';

export const useLang = () => useWords().i18n.language as Language;

/** An amount as the server wrote it, in the words of the language. */
export function Money({
  value,
  currency,
  strong,
}: {
  value: string | null;
  currency: string | null;
  strong?: boolean;
}) {
  const lang = useLang();
  const shop = useShop();
  if (value === null) return <span className="quiet">—</span>;
  return (
    <span className={strong ? 'num strong' : 'num'}>{formatMoney(value, currency, lang, shop.currency)}</span>
  );
}

export function useWhen() {
  const { t } = useWords();
  const zone = useZone();
  const words = { yesterday: t('when.yesterday'), tomorrow: t('when.tomorrow') };
  return (iso: string, withTime = false) => formatWhen(iso, zone, serverClock.now(), words, withTime);
}

export function When({ at, time = false }: { at: string | null; time?: boolean }) {
  const when = useWhen();
  const zone = useZone();
  if (!at) return <span className="quiet">—</span>;
  return (
    <time className="num" dateTime={at} title={formatFull(at, zone)}>
      {when(at, time)}
    </time>
  );
}

/** «40 с», «12 мин», «3 ч», «2 дн». */
export function useSpan() {
  const { t } = useWords();
  return (seconds: number) => {
    const s = Math.max(0, Math.round(seconds));
    if (s < 60) return t('span.s', { n: s });
    if (s < 3600) return t('span.m', { n: Math.round(s / 60) });
    if (s < 86_400) return t('span.h', { n: Math.round(s / 3600) });
    return t('span.d', { n: Math.round(s / 86_400) });
  };
}

const hash = (text: string) => [...text].reduce((n, c) => (n * 31 + c.charCodeAt(0)) >>> 0, 7);

export function Person({ name, size = 20, label = name }: { name: string; size?: number; label?: string }) {
  const style = { width: size, height: size, fontSize: size > 30 ? 14 : size > 24 ? 11 : 9 };
  return (
    <span
      className="person"
      data-tint={hash(name) % 4}
      style={style}
      title={label}
      aria-label={label}
      role="img"
    >
      {initials(name)}
    </span>
  );
}

export function GoodsTile({ title }: { title: string }) {
  return <span className="tile" data-tint={hash(title) % 5} aria-hidden />;
}

/** A key as it is printed beside what it does: a letter by itself stands where the person has bound it. */
export function Kbd({ children, onInk }: { children: ReactNode; onInk?: boolean }) {
  const map = bindings.use();
  const letter = typeof children === 'string' && /^[A-Z]$/.test(children) ? children : null;
  return (
    <kbd className={onInk ? 'kbd kbd-on-ink' : 'kbd'}>
      {letter ? boundKey(`Key${letter}`, map).slice(3) : children}
    </kbd>
  );
}

export function Card({
  title,
  aside,
  children,
  className,
}: {
  title?: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <section className={`card ${className ?? ''}`}>
      {title && (
        <div className="card-head">
          <h2 className="grow">{title}</h2>
          {aside}
        </div>
      )}
      <div className="card-body">{children}</div>
    </section>
  );
}

export function ErrorState({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useWords();
  const text = useProblemText();
  const code = error instanceof ApiError ? error.code : 'internal';
  // Asking again for what is not there gives the same; its words say all that a code would.
  const none = code === 'not_found';
  return (
    <div className="state" role="alert">
      <IconAlertTriangle size={20} stroke={1.75} className="warn" />
      <div>{text(error)}</div>
      {none ? (
        <Button onClick={() => window.history.back()}>{t('do.back')}</Button>
      ) : (
        retry && <Button onClick={retry}>{t('do.retry')}</Button>
      )}
      {!none && <div className="state-code">{code}</div>}
    </div>
  );
}

export function Empty({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <div className="state">
      <div>{text}</div>
      {children}
    </div>
  );
}

export function Bones({ lines = 4, height = 18 }: { lines?: number; height?: number }) {
  return (
    <div className="stack bones" aria-hidden>
      {Array.from({ length: lines }, (_, i) => (
        <Skeleton key={i} height={height} width={`${96 - ((i * 13) % 40)}%`} radius={5} />
      ))}
    </div>
  );
}

export const useOffline = () => useSyncExternalStore(serverClock.onLink, serverClock.lostAt);
