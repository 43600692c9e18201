import { Checkbox } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { QueueCounts, QueueRow, Zone } from '../../api/types';
import { formatCount, formatTime } from '../../base/format';
import { useShop } from '../../base/shop';
import { Money, useLang } from '../../ui/bits';
import type { GridGroup } from '../../ui/DataGrid';
import { zoneIcons } from '../../ui/SlaChip';
import type { Selection } from './selection';

const zones: Zone[] = ['breached', 'red', 'yellow', 'green', 'none'];

interface Props {
  counts: QueueCounts | undefined;
  rows: QueueRow[];
  zoneOf: (row: QueueRow) => string;
  selection: Selection;
  onGroup: (zone: string, on?: boolean) => void;
}

/** Heads of the zones: box, name, how many, how much, by when. The figures come from the server. */
export function useGroups({ counts, rows, zoneOf, selection, onGroup }: Props): GridGroup[] {
  const { t } = useTranslation();
  const lang = useLang();
  const shop = useShop();
  const [closed, setClosed] = useState<Partial<Record<Zone, boolean>>>({});
  const byZone = useMemo(() => Object.groupBy(rows, zoneOf), [rows, zoneOf]);
  return zones.map((zone) => {
    const list = byZone[zone] ?? [];
    const chosen = list.filter((r) => selection.has(r.id)).length;
    const figures = counts?.zones[zone];
    const lastDue = list.at(-1)?.deadline_at;
    const Icon = zone === 'none' ? null : zoneIcons[zone];
    const hint =
      zone === 'red' && lastDue
        ? t('group.red', { time: formatTime(lastDue, shop.time_zone) })
        : t(`group.${zone}`, { time: '' });
    return {
      key: zone,
      closed: closed[zone],
      head: (
        <div className="group-head" data-zone={zone} data-testid={`group-${zone}`}>
          <Checkbox
            aria-label={t('group.select', { zone: t(`zone.${zone}`) })}
            checked={chosen > 0 && chosen === list.length}
            indeterminate={chosen > 0 && chosen < list.length}
            onChange={() => onGroup(zone, chosen < list.length)}
          />
          {Icon && <Icon size={16} stroke={1.9} className={`zone-${zone} group-icon`} aria-hidden />}
          <h2>{t(`zone.${zone}`)}</h2>
          {figures && (
            <span className="soft num">
              {formatCount(figures.count, lang)}
              {figures.sum !== null && !counts?.mixed && (
                <>
                  {' · '}
                  <Money value={figures.sum} currency={counts?.currency ?? null} />
                </>
              )}
            </span>
          )}
          <span className="quiet cut">{hint}</span>
          <button
            type="button"
            className="group-fold"
            aria-expanded={!closed[zone]}
            aria-label={t('group.fold', { zone: t(`zone.${zone}`) })}
            onClick={() => setClosed((c) => ({ ...c, [zone]: !c[zone] }))}
          >
            <IconChevronDown
              size={16}
              stroke={1.75}
              style={closed[zone] ? { transform: 'rotate(-90deg)' } : undefined}
            />
          </button>
        </div>
      ),
    };
  });
}

export function RowCheck({ row, selection }: { row: QueueRow; selection: Selection }) {
  const { t } = useTranslation();
  return (
    <Checkbox
      tabIndex={-1}
      aria-label={t('orders.select', { number: row.number })}
      checked={selection.has(row.id)}
      onChange={() => selection.toggle(row.id)}
      onClick={(e) => e.stopPropagation()}
    />
  );
}

export function ViewCheck({ selection, total }: { selection: Selection; total: number }) {
  const { t } = useTranslation();
  const some = selection.count > 0 && selection.count !== total;
  return (
    <Checkbox
      aria-label={t('orders.select_all')}
      checked={selection.count > 0 && !some}
      indeterminate={some}
      onChange={() => (selection.count > 0 ? selection.clear() : selection.takeAll())}
    />
  );
}
