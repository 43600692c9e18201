import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post } from '../../api/client';
import { keys } from '../../api/keys';
import type { Account, Parked } from '../../api/types';
import { itemsOf } from '../../base/items';
import { useProblemText } from '../../base/problem';
import { toast } from '../../base/toasts';
import { When } from '../../ui/bits';

/** What came and could not be applied; nothing is lost, each line says why. */
export function ParkedBox({ account }: { account: Account }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const problem = useProblemText();
  const words = (p: Parked) => {
    const key = `problem.${p.code.replaceAll('.', '_')}`;
    return i18n.exists(key) ? [t(key), p.status_key].filter(Boolean).join(' ') : p.problem;
  };
  const [open, setOpen] = useState<string | null>(null);
  const parked = useQuery({
    queryKey: keys.parked(account.id),
    queryFn: async () =>
      itemsOf(await get<Parked[]>('/api/parked', new URLSearchParams({ account_id: account.id }))),
  });
  const act = useMutation({
    mutationFn: ({ id, what }: { id: string; what: 'retry' | 'drop' }) => post(`/api/parked/${id}/${what}`),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.parked(account.id) });
      void client.invalidateQueries({ queryKey: keys.accounts });
    },
    onError: (error) => toast(problem(error), { tone: 'error' }),
  });
  if (!parked.data?.length) return null;
  return (
    <section className="card">
      <div className="card-head">
        <h2 className="grow">{t('parked.title')}</h2>
        <span className="chip chip-amber num">{parked.data.length}</span>
      </div>
      <p className="caption parked-hint">{t('parked.hint')}</p>
      <div className="table-scroll">
        <table className="table">
          <tbody>
            {parked.data.map((p) => (
              <tr key={p.id}>
                <td>
                  <button
                    type="button"
                    className="parked-open"
                    aria-expanded={open === p.id}
                    onClick={() => setOpen(open === p.id ? null : p.id)}
                  >
                    <span className="strong num">{p.number ?? p.external_id ?? t('parked.unknown')}</span>
                    <span className="soft">{words(p)}</span>
                  </button>
                  {open === p.id && p.payload_shown && <pre className="payload">{p.payload_shown}</pre>}
                </td>
                <td className="quiet right">
                  <When at={p.received_at} />
                </td>
                <td className="quiet right num">{t('history.tries', { count: p.tries })}</td>
                <td className="right">
                  <span className="row parked-do">
                    <Button size="xs" onClick={() => act.mutate({ id: p.id, what: 'retry' })}>
                      {t('do.retry')}
                    </Button>
                    <Button size="xs" variant="subtle" onClick={() => act.mutate({ id: p.id, what: 'drop' })}>
                      {t('parked.drop')}
                    </Button>
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
