import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Fragment, memo, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Suggestion } from '../../api/types';
import { formatCount, formatPhone } from '../../base/format';
import { Kbd, Money, Person, useLang, When } from '../../ui/bits';
import { ChannelBadge } from '../../ui/ChannelBadge';
import { Check } from '../../ui/Check';
import { speaksFor, useReason, useScore } from './reason';
import type { Decision } from './usePairs';

type Side = Suggestion['a'];
const rows = ['name', 'phone', 'email', 'city', 'address', 'birth_date'] as const;
/* A field of the evidence beside the rows that it speaks of. */
const spoken: Record<string, readonly string[]> = {
  name: ['name'],
  phone: ['phone'],
  email: ['email'],
  address: ['address', 'city'],
  birth: ['birth_date'],
};

function valueOf(side: Side, row: (typeof rows)[number]): string {
  if (row === 'address') return side.records.map((r) => r.address).find(Boolean) ?? '';
  return row === 'phone' ? (side.phone ? formatPhone(side.phone) : '') : side[row];
}

interface Props {
  pair: Suggestion;
  focused: boolean;
  selected: boolean;
  onFocus: (id: string) => void;
  onSelect: (id: string) => void;
  onDecide: (pair: Suggestion, decision: Decision) => void;
  onCompare: (pair: Suggestion) => void;
}

export const PairCard = memo(function PairCard(props: Props) {
  const { pair, focused, selected, onFocus, onSelect, onDecide, onCompare } = props;
  const { t } = useTranslation();
  const reason = useReason();
  const score = useScore();
  const box = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (focused) box.current?.scrollIntoView({ block: 'nearest' });
  }, [focused]);
  return (
    <li
      ref={box}
      className="card pair"
      data-testid="pair"
      data-id={pair.id}
      data-focused={focused || undefined}
      aria-current={focused || undefined}
      onClick={() => onFocus(pair.id)}
    >
      <div className="pair-head">
        <Check label={t('identity.select_pair')} checked={selected} onChange={() => onSelect(pair.id)} />
        <span className="grow">
          <span className="strong">{reason(pair.evidence, pair.rule)}</span>{' '}
          <span className="chip" title={t('identity.score_hint')}>
            {score(pair.score)}
          </span>
        </span>
        <span className="row pair-do">
          <Button onClick={() => onCompare(pair)}>{t('identity.compare')}</Button>
          <Button onClick={() => onDecide(pair, 'different')} rightSection={focused && <Kbd>D</Kbd>}>
            {t('identity.different')}
          </Button>
          <Button
            variant={focused ? 'filled' : 'default'}
            onClick={() => onDecide(pair, 'merge')}
            rightSection={focused && <Kbd onInk>Enter</Kbd>}
          >
            {t('identity.do_merge')}
          </Button>
        </span>
      </div>
      <Sides pair={pair} />
    </li>
  );
});

function Sides({ pair }: { pair: Suggestion }) {
  const { t } = useTranslation();
  const lang = useLang();
  const verdict = (row: string) => {
    const sign = (pair.evidence ?? []).find((e) => e.weight !== 0 && spoken[e.field]?.includes(row));
    return !sign ? undefined : speaksFor(sign) ? 'matches' : 'differs';
  };
  const label = (row: (typeof rows)[number]) =>
    row === 'name' || row === 'phone' || row === 'city' ? t(`customer.${row}`) : t(`identity.${row}`);
  return (
    <div className="pair-sides">
      <span className="caption" />
      {[pair.a, pair.b].map((side) => (
        <span key={side.id} className="row">
          <Person name={side.name} />
          <Link to="/customers/$id" params={{ id: side.id }} className="strong cut">
            {side.name}
          </Link>
          {side.channels.map((name) => (
            <ChannelBadge key={name} channel={name} size={17} />
          ))}
        </span>
      ))}
      {rows
        .filter((row) => valueOf(pair.a, row) || valueOf(pair.b, row))
        .map((row) => {
          const is = verdict(row);
          const both = valueOf(pair.a, row) && valueOf(pair.b, row);
          return (
            <Fragment key={row}>
              <span className="caption">{label(row)}</span>
              {[pair.a, pair.b].map((side) => (
                <span key={side.id} className="pair-value" data-is={(both && is) || undefined}>
                  {valueOf(side, row) || <span className="quiet">—</span>}
                  {both && is && <span className="pair-is">{t(`identity.${is}`)}</span>}
                </span>
              ))}
            </Fragment>
          );
        })}
      <span className="caption">{t('nav.orders')}</span>
      {[pair.a, pair.b].map((side) => (
        <span key={side.id} className="soft">
          {formatCount(side.orders_count, lang)} ·{' '}
          <Money value={side.net_spent ?? null} currency={side.currency} />
          {' · '}
          <When at={side.last_order_at} />
        </span>
      ))}
    </div>
  );
}
