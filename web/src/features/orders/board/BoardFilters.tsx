import { TextInput } from '@mantine/core';
import { IconSearch, IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../../base/shop';
import { ChannelBadge, useChannelTitle } from '../../../ui/ChannelBadge';
import type { FilterName, Filters } from '../address';

/** The filters of the list, as far as a board asks for them; others that the address holds are shown and can be taken away. */
export function BoardFilters({
  filters,
  onChange,
  searchRef,
}: {
  filters: Filters;
  onChange: (name: FilterName, value: string) => void;
  searchRef: React.Ref<HTMLInputElement>;
}) {
  const { t } = useTranslation();
  const session = useSession();
  const title = useChannelTitle();
  const channels = [...new Set(session.accounts.map((a) => a.channel))];
  const chosen = filters.channel?.split(',') ?? [];
  const [text, setText] = useState(filters.q ?? '');
  const typed = text.trim();
  const asked = filters.q ?? '';
  useEffect(() => {
    if (typed === asked) return;
    const timer = setTimeout(() => onChange('q', typed), 250);
    return () => clearTimeout(timer);
  }, [typed, asked, onChange]);
  const flip = (channel: string) =>
    onChange(
      'channel',
      (chosen.includes(channel) ? chosen.filter((c) => c !== channel) : [...chosen, channel]).join(','),
    );
  const mine = filters.assignee_id === 'me';
  const others = (Object.keys(filters) as FilterName[]).filter(
    (name) => name !== 'q' && name !== 'channel' && !(name === 'assignee_id' && mine),
  );
  return (
    <div className="toolbar board-filters">
      <TextInput
        ref={searchRef}
        size="xs"
        value={text}
        onChange={(e) => setText(e.target.value)}
        placeholder={t('orders.find')}
        aria-label={t('orders.find')}
        leftSection={<IconSearch size={14} stroke={1.9} />}
        className="board-find"
      />
      {channels.map((channel) => (
        <button
          key={channel}
          type="button"
          className="board-toggle"
          aria-pressed={chosen.includes(channel)}
          onClick={() => flip(channel)}
        >
          <ChannelBadge channel={channel} size={17} /> {title(channel)}
        </button>
      ))}
      <button
        type="button"
        className="board-toggle"
        aria-pressed={mine}
        onClick={() => onChange('assignee_id', mine ? '' : 'me')}
      >
        {t('board.mine')}
      </button>
      {others.map((name) => (
        <button
          key={name}
          type="button"
          className="board-toggle"
          onClick={() => onChange(name, '')}
          aria-pressed
        >
          {t('board.filtered')} <IconX size={13} stroke={1.9} aria-hidden />
        </button>
      ))}
    </div>
  );
}
