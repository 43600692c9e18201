import { Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { AuditRow } from '../../api/types';
import { itemsOf } from '../../base/items';
import { useSession } from '../../base/shop';
import { Bones, Empty, ErrorState, When } from '../../ui/bits';
import './people.css';

/** Only the fields that differ, old and new side by side. */
/* What says nothing to a person: when a row is new all of it is, its id stands beside it, its version only counts. */
const unsaid = new Set(['id', 'version', 'created_at', 'updated_at']);

export function changes(before: unknown, after: unknown): [name: string, from: string, to: string][] {
  const a = (before ?? {}) as Record<string, unknown>;
  const b = (after ?? {}) as Record<string, unknown>;
  if (typeof a !== 'object' || typeof b !== 'object')
    return [['', String(before ?? ''), String(after ?? '')]];
  const text = (v: unknown) =>
    v === undefined || v === null || v === '' ? '—' : typeof v === 'object' ? JSON.stringify(v) : String(v);
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((k) => !unsaid.has(k) && text(a[k]) !== text(b[k]))
    .map((k) => [k, text(a[k]), text(b[k])]);
}

export default function AuditPage() {
  const { t, i18n } = useTranslation();
  const session = useSession();
  const [actor, setActor] = useState('');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const params = new URLSearchParams({ limit: '200' });
  if (actor) params.set('actor_id', actor);
  if (from) params.set('from', `${from}T00:00:00Z`);
  if (to) params.set('to', `${to}T23:59:59Z`);
  const query = params.toString();
  const log = useQuery({
    queryKey: keys.audit(query),
    queryFn: async () => itemsOf(await get<AuditRow[]>('/api/audit', query)),
    placeholderData: (old) => old,
  });
  const word = (kind: string, name: string) => (i18n.exists(`${kind}.${name}`) ? t(`${kind}.${name}`) : name);
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
        <TextInput
          size="sm"
          type="date"
          aria-label={t('audit.from')}
          value={from}
          onChange={(e) => setFrom(e.target.value)}
        />
        <TextInput
          size="sm"
          type="date"
          aria-label={t('audit.to')}
          value={to}
          onChange={(e) => setTo(e.target.value)}
        />
      </div>
      {log.error ? (
        <ErrorState error={log.error} retry={() => void log.refetch()} />
      ) : !log.data ? (
        <Bones lines={8} height={30} />
      ) : log.data.length === 0 ? (
        <Empty text={t('audit.none')} />
      ) : (
        <section className="card table-scroll">
          <table className="table">
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
              {log.data.map((row) => (
                <tr key={row.id}>
                  <td className="quiet">
                    <When at={row.at} time />
                  </td>
                  <td>{row.actor_name}</td>
                  <td>
                    {word('audit_action', row.action.split('.').at(-1) ?? '')}{' '}
                    <span className="soft">{word('entity', row.entity)}</span>{' '}
                    <span className="caption">{row.entity_id}</span>
                  </td>
                  <td>
                    {changes(row.before, row.after).map(([name, a, b]) => (
                      <div key={name} className="change">
                        <span className="caption">{name}</span> <del>{a}</del> <ins>{b}</ins>
                      </div>
                    ))}
                  </td>
                  <td className="right caption">{row.address}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}
