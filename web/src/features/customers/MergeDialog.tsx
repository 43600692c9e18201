import { Modal } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../../api/client';
import type { MergeView } from '../../api/types';
import { formatCount, formatPhone } from '../../base/format';
import { Bones, ErrorState, Money, useLang } from '../../ui/bits';
import { useIdentity } from './useIdentity';
import { Submit } from '../../ui/Submit';

const fields = ['name', 'phone', 'email', 'city', 'birth_date'] as const;
type Field = (typeof fields)[number];
const sides = ['kept', 'gone'] as const;
type Choice = 'computed' | (typeof sides)[number];

interface Props {
  kept: string;
  gone: string;
  onClose: () => void;
  onDone?: () => void;
}

/** Two cards beside what they would become; each value is chosen, nothing is changed before the last button. */
export function MergeDialog({ kept, gone, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const { merge } = useIdentity();
  const [choices, setChoices] = useState<Partial<Record<Field, Choice>>>({});
  const [busy, setBusy] = useState(false);
  const preview = useQuery({
    queryKey: ['merge', kept, gone, choices],
    queryFn: ({ signal }) =>
      call<MergeView>('POST', `/api/customers/${kept}/merge/preview`, {
        body: { with: gone, choices },
        signal,
      }),
    placeholderData: keepPreviousData,
  });
  const v = preview.data;
  const submit = async () => {
    if (!v) return;
    setBusy(true);
    const versions = { version: v.kept.version, with_version: v.gone.version };
    const done = await merge(kept, { with: gone, choices, ...versions, withdraw: v.barred });
    setBusy(false);
    if (!done) return;
    onClose();
    onDone?.();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('identity.merge_title')}
      size={760}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      {preview.error ? (
        <ErrorState error={preview.error} retry={() => void preview.refetch()} />
      ) : !v ? (
        <Bones lines={6} height={28} />
      ) : (
        <form
          className="stack"
          data-testid="merge"
          onSubmit={(e) => {
            e.preventDefault();
            void submit();
          }}
        >
          <MergeTable
            view={v}
            choices={choices}
            choose={(name, choice) => setChoices((all) => ({ ...all, [name]: choice }))}
          />
          {v.barred && <div className="notice">{t('identity.barred')}</div>}
          <div className="row row-wrap">
            <span className="caption grow">{t('identity.merge_hint')}</span>
            <Submit loading={busy} data-autofocus>
              {t('identity.do_merge')}
            </Submit>
          </div>
        </form>
      )}
    </Modal>
  );
}

interface TableProps {
  view: MergeView;
  choices: Partial<Record<Field, Choice>>;
  choose: (field: Field, choice: Choice) => void;
}

function MergeTable({ view: v, choices, choose }: TableProps) {
  const { t } = useTranslation();
  const lang = useLang();
  const label = (name: Field) =>
    name === 'email' || name === 'birth_date' ? t(`identity.${name}`) : t(`customer.${name}`);
  const show = (name: Field, text: string) =>
    (name === 'phone' && text ? formatPhone(text) : text) || (
      <span className="quiet">{t('identity.empty')}</span>
    );
  return (
    <div className="table-scroll">
      <table className="table merge-table">
        <thead>
          <tr>
            <th>{t('identity.field')}</th>
            {sides.map((side) => (
              <th key={side}>{t(`identity.${side}`)}</th>
            ))}
            <th>{t('identity.result')}</th>
          </tr>
        </thead>
        <tbody>
          {fields.map((name) => (
            <tr key={name}>
              <th scope="row">{label(name)}</th>
              {sides.map((side) => (
                <td key={side}>
                  <label className="merge-choice">
                    <input
                      type="radio"
                      name={`merge-${name}`}
                      checked={choices[name] === side}
                      disabled={!v[side][name]}
                      onChange={() => choose(name, side)}
                      data-testid={`${name}-${side}`}
                    />
                    <span>{show(name, v[side][name])}</span>
                  </label>
                </td>
              ))}
              <td className="strong">
                {show(name, v.united[name])}
                <label className="merge-choice caption">
                  <input
                    type="radio"
                    name={`merge-${name}`}
                    checked={(choices[name] ?? 'computed') === 'computed'}
                    onChange={() => choose(name, 'computed')}
                  />
                  <span>{t('identity.computed')}</span>
                </label>
              </td>
            </tr>
          ))}
          <tr data-testid="merge-totals">
            <th scope="row">{t('nav.orders')}</th>
            {([...sides, 'united'] as const).map((side) => (
              <td key={side}>
                <span className="num">{formatCount(v.totals[side].orders, lang)}</span>
                {' · '}
                <Money
                  value={v.totals[side].sum}
                  currency={v.totals[side].currency}
                  strong={side === 'united'}
                />
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </div>
  );
}
