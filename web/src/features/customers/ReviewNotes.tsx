import { Button, Modal } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post } from '../../api/client';
import { keys } from '../../api/keys';
import type { IdentityHubs, IdentityRun } from '../../api/types';
import { formatPhone } from '../../base/format';
import { useProblemText } from '../../base/problem';
import { toast } from '../../base/toasts';
import { Bones, ErrorState, When } from '../../ui/bits';

type Hub = IdentityHubs['items'][number];

function sampleOf(hub: Hub): string {
  const one = hub.records[0];
  if (!one) return '';
  const phone = one.phone ? formatPhone(one.phone) : '';
  const value = hub.kind === 'phone' ? phone : hub.kind === 'email' ? one.email : one.city;
  return [one.name, value].filter(Boolean).join(', ');
}

function Hubs({ list, decide }: { list: IdentityHubs; decide: (hub: Hub) => void }) {
  const { t } = useTranslation();
  if (!list.items.length) return <p className="caption">{t('identity.hubs_none')}</p>;
  return (
    <ul className="notes-list" aria-label={t('identity.hubs')}>
      {list.items.map((hub) => (
        <li key={hub.key} className="notes-line">
          <span className="grow">
            <span className="strong">{t(`identity.key_${hub.kind}`)}</span>{' '}
            {t('identity.hub_members', { count: hub.members })}
            {hub.state === 'spared' && <span className="caption"> {t('identity.hub_spared')}</span>}
            {sampleOf(hub) && (
              <span className="caption notes-sample">
                {t('identity.hub_sample')} {sampleOf(hub)}
              </span>
            )}
          </span>
          <Button onClick={() => decide(hub)}>
            {t(hub.state === 'spared' ? 'identity.hub_again' : 'identity.hub_spare')}
          </Button>
        </li>
      ))}
    </ul>
  );
}

function Runs({ list, undo }: { list: IdentityRun[]; undo: (run: IdentityRun) => void }) {
  const { t } = useTranslation();
  if (!list.length) return <p className="caption">{t('identity.runs_none')}</p>;
  return (
    <ul className="notes-list" aria-label={t('identity.runs')}>
      {list.map((run) => (
        <li key={run.id} className="notes-line">
          <span className="grow">
            <When at={run.at} /> <span className="strong">{t(`identity.run_${run.kind}`)}</span>{' '}
            {run.state === 'failed'
              ? t('identity.run_failed')
              : t('identity.run_done', {
                  merges: run.merges_n,
                  splits: run.splits_n,
                  suggestions: run.suggestions_n,
                })}
          </span>
          {run.merges_n + run.splits_n > 0 && (
            <Button onClick={() => undo(run)}>{t('identity.run_undo')}</Button>
          )}
        </li>
      ))}
    </ul>
  );
}

/** What matching passed over, and what the runs over all records did. */
export function ReviewNotes() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const problem = useProblemText();
  const [open, setOpen] = useState(false);
  const hubs = useQuery({
    queryKey: keys.hubs,
    queryFn: ({ signal }) => get<IdentityHubs>('/api/identity/hubs', undefined, signal),
  });
  const runs = useQuery({
    queryKey: keys.identityRuns,
    enabled: open,
    queryFn: ({ signal }) =>
      get<{ items: IdentityRun[] }>('/api/identity/runs', new URLSearchParams({ limit: '10' }), signal),
  });
  const settled = () => {
    for (const key of [keys.hubs, keys.identityRuns, keys.suggestions, ['customers'], ['customer']])
      void client.invalidateQueries({ queryKey: key });
  };
  const failed = (error: unknown) => void toast(problem(error), { tone: 'error' });
  const decide = useMutation({
    mutationFn: (hub: Hub) =>
      post(`/api/identity/hubs/${hub.key}`, { state: hub.state === 'spared' ? 'hub' : 'spared' }),
    onError: failed,
    onSettled: settled,
  });
  const undo = useMutation({
    mutationFn: (run: IdentityRun) => post<{ undone: number }>(`/api/identity/runs/${run.id}/undo`, {}),
    onSuccess: (done) => void toast(t('identity.run_undone', { count: done.undone })),
    onError: failed,
    onSettled: settled,
  });
  if (hubs.error) return null;
  return (
    <>
      <Button variant="subtle" onClick={() => setOpen(true)} data-testid="review-notes">
        {t('identity.hubs')}
        {hubs.data?.items.length ? ` ${hubs.data.items.length}` : ''}
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={t('identity.hubs')} size="lg">
        {hubs.data && !hubs.data.keys_ready && <p role="status">{t('identity.keys_building')}</p>}
        <p className="caption">{t('identity.hubs_hint')}</p>
        {hubs.data ? <Hubs list={hubs.data} decide={(h) => decide.mutate(h)} /> : <Bones lines={3} />}
        <h3 className="notes-head">{t('identity.runs')}</h3>
        {runs.error ? (
          <ErrorState error={runs.error} retry={() => void runs.refetch()} />
        ) : runs.data ? (
          <Runs list={runs.data.items} undo={(r) => undo.mutate(r)} />
        ) : (
          <Bones lines={3} />
        )}
      </Modal>
    </>
  );
}
