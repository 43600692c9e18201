import { Button, Select } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, put } from '../../api/client';
import { keys } from '../../api/keys';
import type { Account, HubStatus, StatusRow } from '../../api/types';
import { itemsOf } from '../../base/items';
import { useProblemText } from '../../base/problem';
import { toast } from '../../base/toasts';
import { Bones } from '../../ui/bits';
import { MarkChips } from '../../ui/status';

const all: HubStatus[] = [
  'new',
  'confirmed',
  'assembling',
  'ready_to_ship',
  'in_delivery',
  'at_pickup',
  'delivered',
  'completed',
  'returning',
  'partly_returned',
  'returned',
  'cancelled',
];

/** The channel's words and ours. An unknown word is a question, not a loss. */
export function StatusMap({ account }: { account: Account }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const problem = useProblemText();
  const [draft, setDraft] = useState<Record<string, HubStatus>>({});
  const rows = useQuery({
    queryKey: keys.statuses(account.id),
    queryFn: async () => itemsOf(await get<StatusRow[]>(`/api/accounts/${account.id}/statuses`)),
  });
  const save = useMutation({
    mutationFn: () =>
      put(`/api/accounts/${account.id}/statuses`, {
        rows: Object.entries(draft).map(([key, hub_status]) => ({ key, hub_status })),
      }),
    onSuccess: () => {
      setDraft({});
      toast(t('do.saved'));
      for (const key of [keys.statuses(account.id), keys.parked(account.id), keys.accounts])
        void client.invalidateQueries({ queryKey: key });
    },
    onError: (error) => toast(problem(error), { tone: 'error' }),
  });
  const sorted = [...(rows.data ?? [])].sort((a, b) => Number(b.unknown > 0) - Number(a.unknown > 0));
  const options = all.map((s) => ({ value: s, label: t(`status.${s}`) }));
  return (
    <section className="card">
      <div className="card-head">
        <h2 className="grow">{t('statuses.title')}</h2>
        {Object.keys(draft).length > 0 && (
          <>
            <Button size="xs" variant="subtle" onClick={() => setDraft({})}>
              {t('do.reset')}
            </Button>
            <Button size="xs" variant="filled" loading={save.isPending} onClick={() => save.mutate()}>
              {t('do.save')}
            </Button>
          </>
        )}
      </div>
      {!rows.data ? (
        <div className="card-body">
          <Bones />
        </div>
      ) : (
        <div className="table-scroll">
          <table className="table">
            <thead>
              <tr>
                <th>{t('statuses.theirs')}</th>
                <th>{t('statuses.ours')}</th>
                <th>{t('statuses.note')}</th>
              </tr>
            </thead>
            <tbody>
              {sorted.map((row) => (
                <tr key={row.key} data-unknown={row.unknown > 0 || undefined}>
                  <td>
                    <span className="strong">{row.key}</span>{' '}
                    {row.unknown > 0 && (
                      <span className="chip chip-amber">{t('statuses.unknown', { count: row.unknown })}</span>
                    )}
                    {row.changed && row.unknown === 0 && (
                      <span className="chip">{t('statuses.changed')}</span>
                    )}
                  </td>
                  <td>
                    {row.keeps ? (
                      <span className="quiet">{t('statuses.keeps')}</span>
                    ) : (
                      <Select
                        size="xs"
                        w={190}
                        data={options}
                        value={draft[row.key] ?? row.hub_status}
                        placeholder={t('statuses.where')}
                        aria-label={row.key}
                        onChange={(v) => v && setDraft((d) => ({ ...d, [row.key]: v as HubStatus }))}
                      />
                    )}
                  </td>
                  <td>
                    <span className="row row-wrap">
                      <span className="caption">{row.note}</span>
                      <MarkChips marks={row.marks} />
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
