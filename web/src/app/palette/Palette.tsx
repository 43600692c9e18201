import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Modal } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useRouter } from '@tanstack/react-router';
import { IconCornerDownLeft, IconSearch } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../api/client';
import { keys } from '../api/keys';
import type { QueueRow, SearchReply } from '../api/types';
import { formatNumber, formatPhone } from '../base/format';
import { otherLayout } from '../base/hotkeys';
import { useMay } from '../base/shop';
import { ChannelBadge } from '../ui/ChannelBadge';
import { Kbd, Money, Person } from '../ui/bits';
import { BuyerName } from '../ui/people';
import { SlaChip } from '../ui/SlaChip';
import { StatusChip } from '../ui/status';
import { lastOpened } from '../base/lastOpened';
import { settingsParts, settingsSection, workSections } from './sections';
import './palette.css';

interface Entry {
  key: string;
  group: string;
  body: React.ReactNode;
  run: () => void;
}

/** The matched tail is marked; digits are compared without the spaces between them. */
function Marked({ text, part }: { text: string; part: string }) {
  const digits = part.replace(/\D/g, '');
  const pattern =
    /^\d+$/.test(part.replace(/[\s+-]/g, '')) && digits ? digits.split('').join('[\\s\\u00a0-]?') : null;
  const escaped = pattern ?? part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  if (!escaped) return <>{text}</>;
  const all = [...text.matchAll(new RegExp(escaped, 'gi'))];
  const found = pattern ? all.at(-1) : all[0];
  if (!found) return <>{text}</>;
  return (
    <>
      {text.slice(0, found.index)}
      <mark>{found[0]}</mark>
      {text.slice(found.index + found[0].length)}
    </>
  );
}

function useSearch(text: string) {
  const [asked] = useDebouncedValue(text, 70);
  const swapped = otherLayout(asked);
  return useQuery({
    queryKey: keys.search(asked),
    enabled: asked.length > 1,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const ask = (q: string) => get<SearchReply>('/api/search', new URLSearchParams({ q }), signal);
      const found = await ask(asked);
      const nothing = !found.customers.length && !found.orders.length;
      return nothing && swapped && /[a-zа-я]/i.test(asked) ? ask(swapped) : found;
    },
  });
}

export function Palette({
  onClose,
  onHelp,
  onTheme,
}: {
  onClose: () => void;
  onHelp: () => void;
  onTheme: () => void;
}) {
  const { t } = useTranslation();
  const router = useRouter();
  const may = useMay();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const only = /^([зкz>]|c)\s/i.exec(text)?.[1]?.toLowerCase();
  const commandsOnly = text.startsWith('>');
  const query = commandsOnly ? '' : text.replace(/^[зкzc]\s/i, '').trim();
  const search = useSearch(query);

  const entries = useMemo(() => {
    const out: Entry[] = [];
    const openOrder = (o: Pick<QueueRow, 'id'>) => () =>
      void router.navigate({ to: '/orders/$id', params: { id: o.id } });
    const found = query.length > 1 ? search.data : undefined;
    const digits = /^[\d\s+-]+$/.test(query);
    const people = only === 'з' || only === 'z' ? [] : (found?.customers ?? []).slice(0, 5);
    const orders = only === 'к' || only === 'c' ? [] : (found?.orders ?? []).slice(0, 5);
    for (const c of people)
      out.push({
        key: `c${c.id}`,
        group: digits ? t('palette.customers_by_phone') : t('nav.customers'),
        run: () => void router.navigate({ to: '/customers/$id', params: { id: c.id } }),
        body: (
          <>
            <Person name={c.name} size={28} />
            <span className="grow">
              <div className="strong cut">
                <Marked text={c.name} part={query} />
              </div>
              <div className="caption cut">
                {c.phone && <Marked text={formatPhone(c.phone)} part={query} />} ·{' '}
                {t('count.orders', { count: c.orders_count })}
              </div>
            </span>
          </>
        ),
      });
    for (const o of orders)
      out.push({
        key: `o${o.id}`,
        group: t('nav.orders'),
        run: openOrder(o),
        body: (
          <>
            <ChannelBadge channel={o.channel} />
            <span className="strong num">
              <Marked text={formatNumber(o.number)} part={query} />
            </span>
            <BuyerName name={o.customer_name} className="grow cut soft" />
            {o.deadline_at ? <SlaChip due={o} /> : <StatusChip status={o.status} />}
            <Money value={o.total} currency={o.currency} strong />
          </>
        ),
      });
    if (!query && !commandsOnly)
      for (const kept of lastOpened.get())
        out.push({
          key: `l${kept.to}`,
          group: t('palette.last'),
          run: () => void router.navigate({ to: kept.to }),
          body: <span className="grow cut">{kept.title}</span>,
        });
    const word = (commandsOnly ? text.slice(1) : query).trim().toLowerCase();
    const fits = (name: string) => !word || name.toLowerCase().includes(word);
    const go = (name: string, title: string, to: string, key?: string) =>
      fits(title) &&
      out.push({
        key: `g${name}`,
        group: t('palette.go'),
        run: () => void router.navigate({ to }),
        body: (
          <>
            <span className="grow">{title}</span>
            {key && (
              <>
                <Kbd>G</Kbd>
                <Kbd>{key.replace('Key', '').replace('Comma', ',')}</Kbd>
              </>
            )}
          </>
        ),
      });
    if (!digits || !query) {
      for (const s of [...workSections, settingsSection])
        if (!s.needs || may(s.needs)) go(s.name, t(`nav.${s.name}`), s.to, s.go);
      if (word)
        for (const p of settingsParts)
          if (!p.needs || may(p.needs)) go(`s-${p.name}`, t(`settings.${p.name}`), `/settings/${p.name}`);
      const act = (name: string, run: () => void) =>
        fits(t(`palette.${name}`)) &&
        out.push({
          key: name,
          group: t('palette.actions'),
          run,
          body: <span className="grow">{t(`palette.${name}`)}</span>,
        });
      act('triage', () => void router.navigate({ to: '/', search: { triage: '1' } }));
      act('theme', onTheme);
      act('help', onHelp);
    }
    return out;
  }, [search.data, query, only, commandsOnly, text, t, router, may, onTheme, onHelp]);

  useEffect(() => setAt(0), [query]);
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  const choose = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    entry.run();
  };
  const enter = () => {
    const exact = search.data?.exact;
    if (exact && query.length > 4 && at === 0) {
      onClose();
      void router.navigate({
        to: exact.kind === 'order' ? '/orders/$id' : '/customers/$id',
        params: { id: exact.id },
      });
    } else choose(entries[at]);
  };
  const onKey = (event: React.KeyboardEvent) => {
    const step = event.code === 'ArrowDown' ? 1 : event.code === 'ArrowUp' ? -1 : 0;
    if (step) setAt((i) => Math.max(0, Math.min(entries.length - 1, i + step)));
    else if (event.code === 'Enter') enter();
    else return;
    event.preventDefault();
  };

  const nothing = query.length > 1 && search.isSuccess && !entries.length;
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      padding={0}
      size={660}
      yOffset={96}
      centered={false}
      aria-label={t('palette.title')}
      data-testid="palette"
    >
      <div className="palette-field">
        <IconSearch size={18} stroke={1.9} aria-hidden />
        <input
          data-autofocus
          value={text}
          onChange={(e) => setText(e.target.value)}
          onKeyDown={onKey}
          placeholder={t('palette.placeholder')}
          aria-label={t('palette.title')}
          role="combobox"
          aria-expanded
          aria-controls="palette-list"
          aria-activedescendant={entries[at] ? `palette-${at}` : undefined}
        />
        <Kbd>Esc</Kbd>
      </div>
      <div
        className="palette-list"
        id="palette-list"
        role="listbox"
        aria-label={t('palette.title')}
        ref={list}
      >
        {entries.map((entry, i) => (
          <div key={entry.key} role="presentation">
            {entries[i - 1]?.group !== entry.group && <div className="palette-group">{entry.group}</div>}
            <div
              id={`palette-${i}`}
              role="option"
              aria-selected={i === at}
              className="palette-item"
              onMouseMove={() => setAt(i)}
              onClick={() => choose(entry)}
            >
              {entry.body}
              {i === at && <IconCornerDownLeft size={15} stroke={1.9} className="quiet" aria-hidden />}
            </div>
          </div>
        ))}
        {nothing && <div className="palette-none">{t('palette.nothing')}</div>}
      </div>
      <div className="palette-foot">
        <Kbd>Enter</Kbd> {t('palette.open')}
        <span className="end">{t('palette.prefixes')}</span>
      </div>
    </Modal>
  );
}
