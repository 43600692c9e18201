import { Button, NumberInput, Popover } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconHelp } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post } from '../../api/client';
import { keys } from '../../api/keys';
import type { Standing, StandingFigure, StandingOrders } from '../../api/types';
import { formatNumber } from '../../base/format';
import { hundredths } from '../../base/hundredths';
import { useOrderActions } from '../../base/orderActions';
import { useMay } from '../../base/shop';
import { ChannelBadge } from '../../ui/ChannelBadge';
import { Bones, Empty, ErrorState, When, useLang } from '../../ui/bits';
import { Sparkline } from '../overview/Sparkline';
import { LimitsBox } from './LimitsBox';

const icons = { ok: IconCircleCheck, near: IconAlertTriangle, over: IconCircleX, unknown: IconHelp };
const tints = { ok: 'good', near: 'warn', over: 'bad', unknown: 'quiet' };

export function useStanding(enabled = true) {
  return useQuery({
    queryKey: keys.standing,
    queryFn: () => get<Standing>('/api/standing'),
    staleTime: 60_000,
    enabled,
  });
}

export function FigureValue({ line }: { line: StandingFigure }) {
  const lang = useLang();
  if (line.value === null) return <span className="quiet">—</span>;
  return (
    <span className="num strong">
      {hundredths(line.value, lang)}
      {line.figure === 'rating' ? '' : ' %'}
    </span>
  );
}

export function StateIcon({ state }: { state: StandingFigure['state'] }) {
  const { t } = useTranslation();
  const Icon = icons[state];
  return (
    <Icon
      size={16}
      stroke={1.75}
      className={`standing-icon ${tints[state]}`}
      role="img"
      aria-label={t(`standing.state_${state}`)}
    />
  );
}

/** How many more until the limit that comes next, in words. */
export function useUntilWords() {
  const { t } = useTranslation();
  const lang = useLang();
  return (line: StandingFigure): string => {
    if (line.value === null)
      return t(line.figure === 'rating' ? 'standing.rating_unknown' : 'standing.nothing_yet');
    if (!line.hard && !line.warn) return t('standing.no_limit');
    if (line.figure === 'rating')
      return t('standing.rating_limit', { limit: hundredths(line.hard?.value ?? 0, lang) });
    const warn = line.warn && (line.warn.until ?? 0) > 0 ? line.warn : null;
    const next = warn ?? line.hard ?? line.warn;
    const limit = hundredths(next?.value ?? 0, lang);
    if (!next || next.until === null) return t('standing.no_limit');
    if (next.until === 0) return t('standing.passed', { limit });
    return t(warn && line.hard ? 'standing.until_warn' : 'standing.until', { count: next.until, limit });
  };
}

function Trend({ line }: { line: StandingFigure }) {
  const { t } = useTranslation();
  const lang = useLang();
  if (line.value === null || line.week_ago === null) return null;
  const by = line.value - line.week_ago;
  if (by === 0) return <span className="caption">{t('standing.same')}</span>;
  const better = line.figure === 'rating' ? by > 0 : by < 0;
  return (
    <span className={`caption ${better ? 'good' : 'warn'}`}>
      {t(by > 0 ? 'standing.more' : 'standing.less', { by: hundredths(Math.abs(by), lang) })}
    </span>
  );
}

function Orders({ account, line }: { account: string; line: StandingFigure }) {
  const { t } = useTranslation();
  const list = useQuery({
    queryKey: keys.standingOrders(account, line.figure),
    queryFn: () =>
      get<StandingOrders>(`/api/standing/${account}/orders`, `figure=${line.figure}&days=${line.days}`),
  });
  if (list.error) return <ErrorState error={list.error} retry={() => void list.refetch()} />;
  if (!list.data) return <Bones lines={3} />;
  return (
    <div className="lines-list" data-testid="standing-orders">
      {list.data.items.map((o) => (
        <Link key={o.id} to="/orders/$id" params={{ id: o.id }} className="line line-low">
          <span className="strong num">{formatNumber(o.number)}</span>
          <span className="grow cut">{o.title}</span>
          <When at={o.at} />
        </Link>
      ))}
      {list.data.more && <div className="line line-low quiet">{t('standing.first_200')}</div>}
    </div>
  );
}

function RatingForm({ account }: { account: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { fail } = useOrderActions();
  const [open, setOpen] = useState(false);
  const [value, setValue] = useState<number | string>('');
  const save = async () => {
    const hundred = Math.round(Number(value) * 100);
    if (!(hundred > 0 && hundred <= 500)) return;
    try {
      await post(`/api/standing/${account}/rating`, { rating: hundred });
      setOpen(false);
      void client.invalidateQueries({ queryKey: keys.standing });
    } catch (error) {
      fail(error);
    }
  };
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" withinPortal trapFocus>
      <Popover.Target>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => setOpen((was) => !was)}
          data-testid="rating-enter"
        >
          {t('standing.enter_rating')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          className="row"
          onSubmit={(e) => {
            e.preventDefault();
            void save();
          }}
        >
          <NumberInput
            size="sm"
            w={96}
            aria-label={t('standing.rating')}
            value={value}
            onChange={setValue}
            min={0}
            max={5}
            step={0.1}
            decimalScale={2}
            data-autofocus
          />
          <Button size="sm" type="submit" variant="filled">
            {t('do.save')}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

function Line({ account, line }: { account: string; line: StandingFigure }) {
  const { t } = useTranslation();
  const may = useMay();
  const until = useUntilWords();
  const [open, setOpen] = useState(false);
  const unsure = [line.warn, line.hard].some((l) => l && !l.sure);
  return (
    <>
      <div className="standing-line" data-testid={`standing-${line.figure}`} data-state={line.state}>
        <StateIcon state={line.state} />
        <span className="standing-name">
          <span className="line-block strong">{t(`standing.${line.figure}`)}</span>
          <span className="caption line-block">
            {line.figure === 'rating'
              ? line.told_at && (
                  <>
                    {t(`standing.told_${line.told_by ?? 'person'}`)} <When at={line.told_at} />
                  </>
                )
              : t('standing.of_days', { bad: line.bad, all: line.all, count: line.days })}
          </span>
        </span>
        <span className="standing-value">
          <FigureValue line={line} />
          <Trend line={line} />
        </span>
        <Sparkline heights={line.points} />
        <span className="grow">
          <span className="line-block">{until(line)}</span>
          {line.breaches > 0 && (
            <span className="caption warn line-block">
              {t('standing.breaches', { count: line.breaches })}
            </span>
          )}
          {unsure && <span className="caption line-block">{t('standing.unsure')}</span>}
        </span>
        {line.figure === 'rating' && may('settings') && <RatingForm account={account} />}
        {line.figure !== 'rating' && line.bad > 0 && (
          <Button
            size="compact-sm"
            variant="default"
            aria-expanded={open}
            onClick={() => setOpen((was) => !was)}
            data-testid={`standing-open-${line.figure}`}
          >
            {t('standing.what_lowers')}
          </Button>
        )}
      </div>
      {open && <Orders account={account} line={line} />}
    </>
  );
}

/** How the shop stands with each marketplace: against its limits, whereto it goes, what brings it down. */
export function StandingReportView() {
  const { t } = useTranslation();
  const may = useMay();
  const standing = useStanding();
  const data = standing.data;
  if (standing.error && !data)
    return <ErrorState error={standing.error} retry={() => void standing.refetch()} />;
  if (!data) return <Bones lines={8} height={28} />;
  if (!data.items.length) return <Empty text={t('standing.no_accounts')} />;
  const lines = data.items.flatMap((i) => i.figures);
  const over = lines.filter((l) => l.state === 'over').length;
  const near = lines.filter((l) => l.state === 'near').length;
  return (
    <>
      <p className="analytics-answer" data-testid="report-answer">
        {over
          ? t('standing.answer_over', { count: over })
          : near
            ? t('standing.answer_near', { count: near })
            : t('standing.answer_ok')}
      </p>
      {data.items.map((item) => (
        <section key={item.account_id} className="card" data-testid="standing-account">
          <div className="card-head">
            <ChannelBadge channel={item.channel} />
            <h2 className="grow">{item.name}</h2>
          </div>
          {item.figures.map((line) => (
            <Line key={line.figure} account={item.account_id} line={line} />
          ))}
        </section>
      ))}
      <LimitsBox accounts={data.items} edits={may('settings')} />
    </>
  );
}
