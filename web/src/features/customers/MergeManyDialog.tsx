import { Modal } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../../api/client';
import type { CustomerRow, MergedMany } from '../../api/types';
import { formatCount, formatPhone } from '../../base/format';
import { Submit } from '../../ui/Submit';
import { Bones, ErrorState, Money, useLang } from '../../ui/bits';
import { useIdentity } from './useIdentity';

interface Props {
  cards: CustomerRow[];
  onClose: () => void;
  onDone: () => void;
}

/** Several cards become the chosen one, all or none of them. */
export function MergeManyDialog({ cards, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const lang = useLang();
  const { mergeMany } = useIdentity();
  const [kept, setKept] = useState(cards[0]?.id ?? '');
  const [busy, setBusy] = useState(false);
  const others = cards.filter((c) => c.id !== kept);
  const preview = useQuery({
    queryKey: ['merge', kept, others.map((c) => c.id).join()],
    queryFn: ({ signal }) =>
      call<MergedMany>('POST', `/api/customers/${kept}/merge/many`, {
        body: { only_try: true, others: others.map(({ id }) => ({ id })) },
        signal,
      }),
    placeholderData: keepPreviousData,
  });
  const v = preview.data;
  const submit = async () => {
    const version = cards.find((c) => c.id === kept)?.version;
    setBusy(true);
    const done = await mergeMany(kept, {
      version,
      others: others.map(({ id, version: seen }) => ({ id, version: seen })),
      withdraw: v?.barred ?? false,
    });
    setBusy(false);
    if (!done) return;
    onClose();
    onDone();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('identity.merge_title')}
      size={560}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <form
        className="stack"
        data-testid="merge-many"
        onSubmit={(e) => {
          e.preventDefault();
          void submit();
        }}
      >
        <fieldset className="merge-stays">
          <legend className="caption">{t('customers.merge_stays')}</legend>
          <ul className="merge-cards">
            {cards.map((c) => (
              <li key={c.id}>
                <label className="merge-choice">
                  <input
                    type="radio"
                    name="merge-stays"
                    checked={kept === c.id}
                    onChange={() => setKept(c.id)}
                    data-testid={`stays-${c.id}`}
                  />
                  <span className="cut">{c.name}</span>
                </label>
                <span className="num soft">{c.phone ? formatPhone(c.phone) : '—'}</span>
                <span className="num">
                  {formatCount(c.orders_count, lang)}
                  {' · '}
                  <Money value={c.net_spent ?? null} currency={c.currency} />
                </span>
              </li>
            ))}
          </ul>
        </fieldset>
        {preview.error ? (
          <ErrorState error={preview.error} retry={() => void preview.refetch()} />
        ) : !v ? (
          <Bones lines={1} height={28} />
        ) : (
          <div className="strong" data-testid="merge-totals">
            {t('identity.result')}: {v.kept.name} · {formatCount(v.totals.orders, lang)}
            {' · '}
            <Money value={v.totals.sum} currency={v.totals.currency} strong />
          </div>
        )}
        {v?.barred && <div className="notice">{t('identity.barred')}</div>}
        <div className="row row-wrap">
          <span className="caption grow">{t('identity.merge_hint')}</span>
          <Submit loading={busy} disabled={!v || preview.isError} data-autofocus>
            {t('identity.do_merge')}
          </Submit>
        </div>
      </form>
    </Modal>
  );
}
