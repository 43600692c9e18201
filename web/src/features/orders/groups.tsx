import { IconChevronDown } from '@tabler/icons-react';
import { useWords } from '../../base/words';
import type { QueueCounts, QueueRow, Zone } from '../../api/types';
import { formatCount, formatTime } from '../../base/format';
import { useShop } from '../../base/shop';
import { Money, useLang } from '../../ui/bits';
import { Check } from '../../ui/Check';
import { zoneIcons } from '../../ui/SlaChip';
import type { Selection } from '../../base/selection';

export const zones: Zone[] = ['breached', 'red', 'yellow', 'green', 'none'];

interface HeadProps {
  zone: Zone;
  counts: QueueCounts | undefined;
  list: QueueRow[];
  selection: Selection;
  closed: boolean;
  onFold: () => void;
  onGroup: (zone: string, on?: boolean) => void;
}

/** Head of a zone: box, name, how many, how much, by when. The figures come from the server. */
export function GroupHead({ zone, counts, list, selection, closed, onFold, onGroup }: HeadProps) {
  const { t } = useWords();
  const lang = useLang();
  const shop = useShop();
  const chosen = selection.count ? list.filter((r) => selection.has(r.id)).length : 0;
  const figures = counts?.zones[zone];
  const lastDue = list.at(-1)?.deadline_at;
  const Icon = zone === 'none' ? null : zoneIcons[zone];
  const hint =
    zone === 'red' && lastDue
      ? t('group.red', { time: formatTime(lastDue, shop.time_zone) })
      : t(`group.${zone}`, { time: '' });
  return (
    <div className="group-head" data-zone={zone} data-testid={`group-${zone}`}>
      <Check
        label={t('group.select', { zone: t(`zone.${zone}`) })}
        checked={chosen > 0 && chosen === list.length}
        some={chosen > 0 && chosen < list.length}
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
        aria-expanded={!closed}
        aria-label={t('group.fold', { zone: t(`zone.${zone}`) })}
        onClick={onFold}
      >
        <IconChevronDown
          size={16}
          stroke={1.75}
          style={closed ? { transform: 'rotate(-90deg)' } : undefined}
        />
      </button>
    </div>
  );
}

export function ViewCheck({ selection, total }: { selection: Selection; total: number }) {
  const { t } = useWords();
  const some = selection.count > 0 && selection.count !== total;
  return (
    <Check
      label={t('orders.select_all')}
      checked={selection.count > 0 && !some}
      some={some}
      onChange={() => (selection.count > 0 ? selection.clear() : selection.takeAll())}
    />
  );
}
