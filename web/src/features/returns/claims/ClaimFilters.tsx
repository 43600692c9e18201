import { Checkbox } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../../base/shop';
import { useChannelTitle } from '../../../ui/ChannelBadge';
import { ChipForm, FilterChip, FlagChip, MoreFilters } from '../../../ui/FilterShell';
import type { Filters } from './query';

export const listNames = ['zone', 'subject', 'side', 'channel'] as const;
export type ListName = (typeof listNames)[number];
const subjects = ['lost', 'missing', 'swapped', 'damaged', 'underpaid', 'other'] as const;
const zones = ['breached', 'red', 'yellow', 'green', 'none'] as const;
const sides = ['us_to_channel', 'us_to_carrier', 'channel_to_us', 'buyer_to_us'] as const;

export function useClaimOptions(): Record<ListName, { value: string; label: string }[]> {
  const { t } = useTranslation();
  const session = useSession();
  const title = useChannelTitle();
  return useMemo(
    () => ({
      zone: zones.map((z) => ({ value: z, label: t(`zone.${z}`) })),
      subject: subjects.map((s) => ({ value: s, label: t(`claim_subject.${s}`) })),
      side: sides.map((s) => ({ value: s, label: t(`claim_side.${s}`) })),
      channel: [...new Set(session.accounts.map((a) => a.channel))].map((c) => ({
        value: c,
        label: title(c),
      })),
    }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- title depends on the language only
    [session, t],
  );
}

interface ChipProps {
  name: ListName;
  filters: Filters;
  options: { value: string; label: string }[];
  open: boolean;
  onOpen: (open: boolean) => void;
  onChange: (next: Filters) => void;
}

function Chip({ name, filters, options, open, onOpen, onChange }: ChipProps) {
  const { t } = useTranslation();
  const now = filters[name]?.split(',').filter(Boolean) ?? [];
  const [chosen, setChosen] = useState(now);
  useEffect(() => {
    if (open) setChosen(now);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the draft starts anew only when the chip opens
  }, [open]);
  const words = now.map((v) => options.find((o) => o.value === v)?.label ?? v).join(', ');
  return (
    <FilterChip
      name={name}
      title={t(`claim_filter.${name}`)}
      words={words || null}
      open={open}
      onOpen={onOpen}
      onClear={() => onChange({ ...filters, [name]: undefined })}
    >
      {() => (
        <ChipForm
          onSubmit={() => {
            onChange({ ...filters, [name]: chosen.join() || undefined });
            onOpen(false);
          }}
          apply={t('filter.apply')}
        >
          <div className="filter-list">
            {options.map((o, i) => (
              <Checkbox
                key={o.value}
                label={o.label}
                checked={chosen.includes(o.value)}
                onChange={() =>
                  setChosen((old) =>
                    old.includes(o.value) ? old.filter((v) => v !== o.value) : [...old, o.value],
                  )
                }
                data-autofocus={i === 0 || undefined}
              />
            ))}
          </div>
        </ChipForm>
      )}
    </FilterChip>
  );
}

interface Props {
  filters: Filters;
  onChange: (next: Filters) => void;
  more: boolean;
  onMore: (open: boolean) => void;
}

export function ClaimFilters({ filters, onChange, more, onMore }: Props) {
  const { t } = useTranslation();
  const options = useClaimOptions();
  const [opened, setOpened] = useState<ListName | null>(null);
  const flip = () => onChange({ ...filters, found: filters.found ? undefined : '1' });
  return (
    <div className="filters">
      {listNames.map((name) => (
        <Chip
          key={name}
          name={name}
          filters={filters}
          options={options[name]}
          open={opened === name}
          onOpen={(open) => setOpened(open ? name : null)}
          onChange={onChange}
        />
      ))}
      {filters.found && <FlagChip name="found" title={t('claim_filter.found')} onClear={flip} />}
      <MoreFilters
        open={more}
        onOpen={onMore}
        list={[
          ...listNames.map((name) => ({
            name,
            title: t(`claim_filter.${name}`),
            run: () => setOpened(name),
          })),
          { name: 'found', title: t('claim_filter.found'), run: flip },
        ]}
      />
    </div>
  );
}
