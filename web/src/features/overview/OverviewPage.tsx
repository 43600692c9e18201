import { Button, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { IconAdjustmentsHorizontal, IconFlame } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { Overview } from '../../api/types';
import { useChoice } from '../../base/choice';
import { serverClock } from '../../base/clock';
import { cityOf, dayOf, formatTime } from '../../base/format';
import { useHotkeys } from '../../base/hotkeys';
import { useMay, useSession, useShop } from '../../base/shop';
import { Bones, ErrorState, Kbd } from '../../ui/bits';
import { Arrange } from './Arrange';
import { firstBlocks, keptBlocks, type BlockName } from './blocks';
import { Checklist } from './Checklist';
import { periodOf, periods, type Period } from './figures';
import { FiguresStrip } from './Figures';
import { MoneyBox } from './MoneyBox';
import { NewOrders } from './NewOrders';
import { PathNow } from './PathNow';
import { ChannelsBox, Waiting } from './SideBoxes';
import { ReturnsBlock } from './ReturnsBlock';
import { StandingBox } from './StandingBox';
import { Triage } from './Triage';
import { Waits } from './Waits';
import { Warehouse } from './Warehouse';
import './overview.css';
import '../../ui/forms.css';

function Head({
  period,
  onPeriod,
  onArrange,
}: {
  period: Period;
  onPeriod: (p: Period) => void;
  onArrange: () => void;
}) {
  const { t } = useTranslation();
  const shop = useShop();
  const city = cityOf(shop.time_zone);
  const today = dayOf(serverClock.now(), shop.time_zone);
  return (
    <div className="page-head overview-head">
      <h1>{t('nav.overview')}</h1>
      <span className="quiet cut">
        {t(`weekday.${today.weekday}`)}, {today.day} {t(`month.${today.month}`)},{' '}
        {formatTime(new Date(serverClock.now()).toISOString(), shop.time_zone)} ·{' '}
        {t(`city.${city}`, { defaultValue: city })}
      </span>
      <span className="end row">
        <SegmentedControl
          value={String(period)}
          onChange={(v) => onPeriod(periodOf(v))}
          aria-label={t('period.label')}
          data={periods.map((p) => ({ value: String(p), label: t(`period.${p}`) }))}
        />
        <Button
          leftSection={<IconAdjustmentsHorizontal size={16} stroke={1.75} />}
          onClick={onArrange}
          className="overview-arrange"
          data-testid="arrange"
        >
          {t('arrange.open')}
        </Button>
      </span>
    </div>
  );
}

export default function OverviewPage() {
  const { t } = useTranslation();
  const { user } = useSession();
  const may = useMay();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as Record<string, string | undefined>;
  const overview = useQuery({
    queryKey: keys.overview,
    queryFn: () => get<Overview>('/api/overview'),
    refetchInterval: 60_000,
  });
  const choice = useChoice('overview');
  const [started, setStarted] = useState(0);
  const [arranging, setArranging] = useState(false);
  const data = overview.data;
  const hot = data?.new.hot.count ?? 0;
  const work = may('orders.work');
  const period = periodOf(search.period);
  const put = (change: Record<string, string | undefined>, replace = true) =>
    void navigate({ to: '/', search: { ...search, ...change }, replace });
  const setPeriod = (p: Period) => put({ period: p === 1 ? undefined : String(p) });
  const begin = () => {
    if (!hot || !work) return;
    setStarted((n) => n + 1);
    put({ triage: '1' }, false);
  };
  const triage = search.triage === '1';
  useHotkeys(
    {
      Enter: begin,
      Digit1: () => setPeriod(1),
      Digit2: () => setPeriod(7),
      Digit3: () => setPeriod(30),
    },
    { enabled: !triage },
  );

  if (overview.error && !data)
    return <ErrorState error={overview.error} retry={() => void overview.refetch()} />;
  if (triage && data)
    return (
      <Triage
        key={started}
        first={data.urgent}
        count={hot}
        nextAt={data.next_deadline_at ?? null}
        onClose={() => put({ triage: undefined })}
      />
    );
  const blocks = keptBlocks(choice.value?.blocks, may) ?? firstBlocks(user.roles, may);
  const draw = (name: BlockName, o: Overview): ReactNode => {
    switch (name) {
      case 'figures':
        return <FiguresStrip period={period} />;
      case 'fresh':
        return (
          <NewOrders
            data={o}
            button={
              work &&
              hot > 0 && (
                <Button
                  size="md"
                  variant="filled"
                  leftSection={<IconFlame size={16} stroke={1.9} />}
                  rightSection={<Kbd onInk>Enter</Kbd>}
                  onClick={begin}
                  data-testid="triage-start"
                >
                  {t('overview.triage', { count: hot })}
                </Button>
              )
            }
          />
        );
      case 'waiting':
        return <Waiting items={o.waiting} />;
      case 'returns':
        return <ReturnsBlock />;
      case 'channels':
        return <ChannelsBox channels={o.channels} fresh={o.new.channels} />;
      case 'standing':
        return <StandingBox />;
      case 'warehouse':
        return <Warehouse path={o.path} />;
      case 'money':
        return <MoneyBox period={period} />;
      case 'path':
        return <PathNow path={o.path} />;
      default:
        return <Waits what={name} />;
    }
  };
  return (
    <div className="scroll-page">
      <Head period={period} onPeriod={setPeriod} onArrange={() => setArranging(true)} />
      {!data || choice.value === undefined ? (
        <div className="overview-bones">
          <Bones lines={9} height={34} />
        </div>
      ) : (
        <div className="overview">
          <Checklist items={data.checklist} />
          {blocks.map((name) => (
            <div key={name} className={`block block-${name}`} data-testid={`block-${name}`}>
              {draw(name, data)}
            </div>
          ))}
          {blocks.length === 0 && <div className="block block-none soft">{t('arrange.nothing')}</div>}
        </div>
      )}
      {arranging && (
        <Arrange
          blocks={blocks}
          onChange={(next) => choice.save({ blocks: next })}
          onReset={() => choice.save({})}
          onClose={() => setArranging(false)}
        />
      )}
    </div>
  );
}
