import { Button, Select } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { AuditRow, Page } from '../../api/types';
import { useSession } from '../../base/shop';
import { instantIn } from '../../base/zone';
import { Bones, Empty, ErrorState, When } from '../../ui/bits';
import { DateField } from '../../ui/DateField';
import './people.css';

const entities = [
  'order',
  'return',
  'claim',
  'customer',
  'task',
  'account',
  'channel_account',
  'user',
  'role',
  'invitation',
  'session',
  'key',
  'webhook',
  'policy',
  'calendar',
  'settings',
  'view',
  'command',
];
/** The steps of orders, returns and claims have their words on their own screens. */
export const steps: Record<string, string> = {
  order: 'action',
  return: 'return_action',
  claim: 'claim_action',
};
const pages: Record<string, string> = {
  order: '/orders/$id',
  return: '/returns/$id',
  customer: '/customers/$id',
};
const telling = ['name', 'title', 'shop_name', 'login', 'channel', 'state', 'roles', 'mode'];
const rank = (name: string) => (telling.includes(name) ? telling.indexOf(name) : telling.length);
const nextDay = (day: string) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

/** Only the fields that differ, old and new side by side. */
/* What says nothing to a person: when a row is new all of it is, its id stands beside it, its version only counts. */
const unsaid = new Set(['id', 'version', 'created_at', 'updated_at', 'created_by']);

export function changes(before: unknown, after: unknown): [name: string, from: string, to: string][] {
  const a = (before ?? {}) as Record<string, unknown>;
  const b = (after ?? {}) as Record<string, unknown>;
  if (typeof a !== 'object' || typeof b !== 'object')
    return [['', String(before ?? ''), String(after ?? '')]];
  const text = (v: unknown) =>
    v === undefined || v === null || v === '' || (Array.isArray(v) && v.length === 0)
      ? '—'
      : Array.isArray(v) && v.length > 5
        ? String(v.length)
        : Array.isArray(v) && v.every((one) => typeof one === 'string')
          ? v.join(', ')
          : typeof v === 'object'
            ? JSON.stringify(v)
            : String(v);
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((k) => !unsaid.has(k) && text(a[k]) !== text(b[k]))
    .map((k) => [k, text(a[k]), text(b[k])]);
}

/** Who or what it was about: by name, or as the way to its page. */
function About({ row, name }: { row: AuditRow; name: string | undefined }) {
  const { t } = useTranslation();
  if (name) return <span>{name}</span>;
  const to = pages[row.entity];
  return to ? (
    <Link to={to} params={{ id: row.entity_id }}>
      {t('audit.show')}
    </Link>
  ) : (
    <span className="caption">{row.entity_id}</span>
  );
}

/** What is new has many fields: its name says most, the rest is one click away. */
function Changes({
  all,
  word,
}: {
  all: ReturnType<typeof changes>;
  word: (kind: string, name: string) => string;
}) {
  const { t } = useTranslation();
  const line = ([name, a, b]: (typeof all)[number]) => (
    <div key={name} className="change">
      <span className="caption">{t(`audit_field.${name}`, { defaultValue: name })}</span> <del>{a}</del>{' '}
      <ins>{name === 'where' ? word('audit_where', b) : b}</ins>
    </div>
  );
  const first = all.length > 4 ? all.toSorted((a, b) => rank(a[0]) - rank(b[0])) : all;
  const cut = all.length > 4 ? 3 : all.length;
  return (
    <>
      {first.slice(0, cut).map(line)}
      {first.length > cut && (
        <details>
          <summary className="caption">{t('audit.rest', { n: first.length - cut })}</summary>
          {first.slice(cut).map(line)}
        </details>
      )}
    </>
  );
}

export default function AuditPage() {
  const { t, i18n } = useTranslation();
  const session = useSession();
  const [actor, setActor] = useState('');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [entity, setEntity] = useState('');
  const params = new URLSearchParams({ limit: '50' });
  if (actor) params.set('actor_id', actor);
  if (entity) params.set('entity', entity);
  const since = from && instantIn(session.shop.time_zone, from, '00:00');
  const until = to && instantIn(session.shop.time_zone, nextDay(to), '00:00');
  if (since) params.set('from', since);
  if (until) params.set('to', until);
  const query = params.toString();
  const log = useInfiniteQuery({
    queryKey: keys.audit(query),
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      get<Page<AuditRow>>(
        '/api/audit',
        pageParam ? `${query}&after=${encodeURIComponent(pageParam)}` : query,
      ),
    getNextPageParam: (page) => page.next,
    placeholderData: (old) => old,
  });
  const rows = log.data?.pages.flatMap((p) => p.items) ?? [];
  const word = (kind: string, name: string) => (i18n.exists(`${kind}.${name}`) ? t(`${kind}.${name}`) : name);
  const done = (action: string) => {
    const [about = '', verb = ''] = action.split('.');
    const kind = i18n.exists(`audit_action.${verb}`) ? 'audit_action' : steps[about];
    return kind ? word(kind, verb) : verb;
  };
  return (
    <>
      <div className="settings-head">
        <Select
          size="sm"
          w={220}
          aria-label={t('audit.who')}
          value={actor}
          onChange={(v) => setActor(v ?? '')}
          data={[
            { value: '', label: t('audit.everybody') },
            ...session.users.map((u) => ({ value: u.id, label: u.name })),
          ]}
        />
        <Select
          size="sm"
          w={190}
          aria-label={t('audit.what')}
          value={entity}
          onChange={(v) => setEntity(v ?? '')}
          data={[
            { value: '', label: t('audit.everything') },
            ...entities.map((e) => ({ value: e, label: t(`entity.${e}`) })),
          ]}
        />
        <DateField
          size="sm"
          aria-label={t('audit.from')}
          value={from}
          onChange={(e) => setFrom(e.target.value)}
        />
        <DateField size="sm" aria-label={t('audit.to')} value={to} onChange={(e) => setTo(e.target.value)} />
      </div>
      {log.error ? (
        <ErrorState error={log.error} retry={() => void log.refetch()} />
      ) : !log.data ? (
        <Bones lines={8} height={30} />
      ) : rows.length === 0 ? (
        <Empty text={t('audit.none')} />
      ) : (
        <section className="card table-scroll" tabIndex={0} aria-label={t('settings.audit')}>
          <table className="table table-cards audit">
            <thead>
              <tr>
                <th>{t('audit.when')}</th>
                <th>{t('audit.who')}</th>
                <th>{t('audit.what')}</th>
                <th>{t('audit.changed')}</th>
                <th className="right">{t('audit.address')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.id}>
                  <td className="quiet">
                    <When at={row.at} time />
                  </td>
                  <td>{row.actor_name}</td>
                  <td>
                    {done(row.action)} <span className="soft">{word('entity', row.entity)}</span>{' '}
                    <About row={row} name={session.users.find((u) => u.id === row.entity_id)?.name} />
                  </td>
                  <td>
                    <Changes all={changes(row.before, row.after)} word={word} />
                  </td>
                  <td className="right caption">{row.address}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {log.hasNextPage && (
            <div className="card-body">
              <Button onClick={() => void log.fetchNextPage()} loading={log.isFetchingNextPage}>
                {t('audit.more')}
              </Button>
            </div>
          )}
        </section>
      )}
    </>
  );
}
