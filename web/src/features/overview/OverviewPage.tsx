import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { IconFlame } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { Overview } from '../../api/types';
import { serverClock } from '../../base/clock';
import { cityOf, dayOf, formatTime } from '../../base/format';
import { useHotkeys } from '../../base/hotkeys';
import { useMay, useShop } from '../../base/shop';
import { Bones, ErrorState, Kbd } from '../../ui/bits';
import { Checklist } from './Checklist';
import { Figures, PathNow } from './Figures';
import { NewOrders } from './NewOrders';
import { ChannelsBox, Waiting } from './SideBoxes';
import { Triage } from './Triage';
import './overview.css';

export default function OverviewPage() {
  const { t } = useTranslation();
  const shop = useShop();
  const may = useMay();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as Record<string, string | undefined>;
  const overview = useQuery({
    queryKey: keys.overview,
    queryFn: () => get<Overview>('/api/overview'),
    refetchInterval: 60_000,
  });
  const [started, setStarted] = useState(0);
  const data = overview.data;
  const urgent = useMemo(() => data?.urgent ?? [], [data]);
  const work = may('orders.work');
  const begin = () => {
    if (!urgent.length || !work) return;
    setStarted((n) => n + 1);
    void navigate({ to: '/', search: { triage: '1' } });
  };
  const triage = search.triage === '1';
  useHotkeys({ Enter: begin }, { enabled: !triage });

  if (overview.error && !data)
    return <ErrorState error={overview.error} retry={() => void overview.refetch()} />;
  if (triage && data)
    return (
      <Triage
        key={started}
        rows={urgent}
        nextAt={data.next_deadline_at ?? null}
        onClose={() => void navigate({ to: '/', search: {} })}
      />
    );
  const city = cityOf(shop.time_zone);
  const today = dayOf(serverClock.now(), shop.time_zone);
  return (
    <div className="scroll-page">
      <div className="page-head">
        <h1>{t('nav.overview')}</h1>
        <span className="quiet cut">
          {t(`weekday.${today.weekday}`)}, {today.day} {t(`month.${today.month}`)},{' '}
          {formatTime(new Date(serverClock.now()).toISOString(), shop.time_zone)} ·{' '}
          {t(`city.${city}`, { defaultValue: city })}
        </span>
      </div>
      {!data ? (
        <div className="overview-bones">
          <Bones lines={9} height={34} />
        </div>
      ) : (
        <div className="overview">
          <Checklist items={data.checklist} />
          <div className="overview-top">
            {work || may('picking') ? (
              <NewOrders
                data={data}
                button={
                  work &&
                  urgent.length > 0 && (
                    <Button
                      size="md"
                      variant="filled"
                      leftSection={<IconFlame size={16} stroke={1.9} />}
                      rightSection={<Kbd onInk>Enter</Kbd>}
                      onClick={begin}
                      data-testid="triage-start"
                    >
                      {t('overview.triage', { count: urgent.length })}
                    </Button>
                  )
                }
              />
            ) : (
              <div />
            )}
            <div className="overview-side">
              <Waiting items={data.waiting} />
              <ChannelsBox channels={data.channels} fresh={data.new.channels} />
            </div>
          </div>
          <Figures figures={data.figures} currency={data.new.currency ?? shop.currency} />
          <PathNow path={data.path} />
        </div>
      )}
    </div>
  );
}
