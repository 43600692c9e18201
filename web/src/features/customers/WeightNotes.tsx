import { Button, Modal } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post } from '../../api/client';
import { keys } from '../../api/keys';
import type { IdentityWeights, WeightsLearnt } from '../../api/types';
import { useProblemText } from '../../base/problem';
import { toast } from '../../base/toasts';
import { Bones, ErrorState, When } from '../../ui/bits';
import { usePoints } from './reason';

type WeightSet = IdentityWeights['sets'][number];
type Change = WeightSet['changes'][number];

/** "phone.same" as people say it. */
function useSign() {
  const { t } = useTranslation();
  return (code: string) => t(`evidence.${code.replace('.', '_')}`);
}

function Changes({ list }: { list: Change[] }) {
  const { t } = useTranslation();
  const sign = useSign();
  const points = usePoints();
  if (!list.length) return <p className="caption">{t('identity.weights_same')}</p>;
  return (
    <table className="table" data-testid="weight-changes">
      <thead>
        <tr>
          <th scope="col">{t('identity.weights_sign')}</th>
          <th scope="col" className="right">
            {t('identity.weights_before')}
          </th>
          <th scope="col" className="right">
            {t('identity.weights_after')}
          </th>
        </tr>
      </thead>
      <tbody>
        {list.map((c) => (
          <tr key={c.code}>
            <td>{sign(c.code)}</td>
            <td className="right num">{points(c.before)}</td>
            <td className="right num">{points(c.after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Sets({ list, undo }: { list: WeightSet[]; undo: (set: WeightSet) => void }) {
  const { t, i18n } = useTranslation();
  if (!list.length) return <p className="caption">{t('identity.weights_none')}</p>;
  return (
    <ul className="notes-list" aria-label={t('identity.weights_sets')}>
      {list.map((set) => (
        <li key={set.id} className="notes-line">
          <span className="grow">
            <When at={set.at} />{' '}
            <span className="strong">{t('identity.weights_from', { count: set.verdicts_n })}</span>
            <span className="caption notes-sample">
              {i18n.exists(`actor.${set.actor_kind}`)
                ? t(`actor.${set.actor_kind}`, { name: set.actor_name })
                : set.actor_name}
              {' · '}
              {t('identity.weights_changed', { count: set.changes.length })}
              {set.state === 'undone' && ` · ${t('identity.weights_undone', { name: set.ended_name })}`}
              {set.holds && ` · ${t('identity.weights_holds')}`}
            </span>
          </span>
          {set.state === 'kept' && set.holds && (
            <Button onClick={() => undo(set)}>{t('identity.weights_undo')}</Button>
          )}
        </li>
      ))}
    </ul>
  );
}

function Table({ list }: { list: IdentityWeights['weights'] }) {
  const { t } = useTranslation();
  const sign = useSign();
  const points = usePoints();
  return (
    <table className="table" data-testid="weights">
      <thead>
        <tr>
          <th scope="col">{t('identity.weights_sign')}</th>
          <th scope="col" className="right">
            {t('identity.weights_now')}
          </th>
          <th scope="col" className="right">
            {t('identity.weights_first')}
          </th>
        </tr>
      </thead>
      <tbody>
        {list.map((w) => (
          <tr key={w.code}>
            <td>{sign(w.code)}</td>
            <td className={`right num${w.now === w.handbook ? '' : ' strong'}`}>{points(w.now)}</td>
            <td className="right num quiet">{points(w.handbook)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What agreement and difference weigh, what people's decisions would change, and what they have changed. */
export function WeightNotes() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const problem = useProblemText();
  const [open, setOpen] = useState(false);
  const [proposal, setProposal] = useState<Change[] | null>(null);
  const weights = useQuery({
    queryKey: keys.identityWeights,
    enabled: open,
    queryFn: ({ signal }) => get<IdentityWeights>('/api/identity/weights', undefined, signal),
  });
  const settled = () => void client.invalidateQueries({ queryKey: keys.identityWeights });
  const failed = (error: unknown) => void toast(problem(error), { tone: 'error' });
  const look = useMutation({
    mutationFn: () => post<WeightsLearnt>('/api/identity/weights', { only_try: true }),
    onSuccess: (told) => setProposal(told.changes),
    onError: failed,
  });
  const take = useMutation({
    mutationFn: () => post<WeightsLearnt>('/api/identity/weights', {}),
    onSuccess: () => {
      setProposal(null);
      toast(t('identity.weights_taken'));
    },
    onError: failed,
    onSettled: settled,
  });
  const undo = useMutation({
    mutationFn: (set: WeightSet) => post(`/api/identity/weights/${set.id}/undo`, {}),
    onSuccess: () => void toast(t('identity.weights_back')),
    onError: failed,
    onSettled: settled,
  });
  const w = weights.data;
  const enough = w && w.verdicts >= w.verdicts_needed;
  return (
    <>
      <Button variant="subtle" onClick={() => setOpen(true)} data-testid="weight-notes">
        {t('identity.weights')}
      </Button>
      <Modal
        opened={open}
        onClose={() => setOpen(false)}
        title={t('identity.weights')}
        size="lg"
        closeButtonProps={{ 'aria-label': t('do.close') }}
      >
        <p className="caption">{t('identity.weights_hint')}</p>
        {weights.error ? (
          <ErrorState error={weights.error} retry={() => void weights.refetch()} />
        ) : !w ? (
          <Bones lines={8} />
        ) : (
          <>
            <div className="notes-line">
              <span className="grow">
                {enough
                  ? t('identity.weights_verdicts', { count: w.verdicts })
                  : t('identity.weights_few', { count: w.verdicts, needed: w.verdicts_needed })}
              </span>
              {enough && !proposal && (
                <Button onClick={() => look.mutate()} loading={look.isPending}>
                  {t('identity.weights_look')}
                </Button>
              )}
            </div>
            {proposal && (
              <>
                <Changes list={proposal} />
                <div className="notes-line">
                  <span className="grow" />
                  <Button variant="subtle" onClick={() => setProposal(null)}>
                    {t('do.close')}
                  </Button>
                  {proposal.length > 0 && (
                    <Button variant="filled" onClick={() => take.mutate()} loading={take.isPending}>
                      {t('identity.weights_take')}
                    </Button>
                  )}
                </div>
              </>
            )}
            <h3 className="notes-head">{t('identity.weights_sets')}</h3>
            <Sets list={w.sets} undo={(s) => undo.mutate(s)} />
            <h3 className="notes-head">{t('identity.weights_table')}</h3>
            <Table list={w.weights} />
          </>
        )}
      </Modal>
    </>
  );
}
