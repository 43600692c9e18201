import { Button, Menu, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconArrowsSort, IconFilter, IconSearch } from '@tabler/icons-react';
import { memo, useEffect, useState } from 'react';
import { useWords } from '../../base/words';
import { Kbd } from '../../ui/bits';
import { DropMenu } from '../../ui/Drop';
import type { ColumnChoice } from './columnChoice';
import { ColumnsMenu } from './ColumnsMenu';
import { FilterChip } from './FilterChip';
import { chipNames, isRange, useFilterOptions, type ChipName } from './filterOptions';
import { Fresh } from './Fresh';
import type { Filters } from './address';

interface Props {
  /** What the view itself asks for: not shown as chips until changed. */
  shownAs: Filters;
  filters: Filters;
  onChange: (next: Filters) => void;
  sort: string | undefined;
  onSort: (sort: string | undefined) => void;
  columns: ColumnChoice;
  onColumns: (choice: ColumnChoice) => void;
  tags: readonly string[];
  more: boolean;
  onMore: (open: boolean) => void;
  searchRef: React.RefObject<HTMLInputElement | null>;
}

const always: ChipName[] = ['channel', 'zone', 'assignee_id', 'total'];
const sorts = ['-placed_at', 'placed_at'];

const differs = (name: ChipName, filters: Filters, own: Filters) =>
  isRange(name)
    ? filters[`${name}_from`] !== own[`${name}_from`] || filters[`${name}_to`] !== own[`${name}_to`]
    : (filters[name] ?? '') !== (own[name] ?? '');

function Bar(props: Props) {
  const { shownAs, filters, onChange, sort, onSort, columns, onColumns, more, onMore, searchRef } = props;
  const { t } = useWords();
  const options = useFilterOptions(props.tags);
  const [text, setText] = useState(filters.q ?? '');
  useEffect(() => setText(filters.q ?? ''), [filters.q]);
  const send = useDebouncedCallback((q: string) => {
    // What a scanner typed into the field is taken back at once: then nothing has changed.
    if (q !== (filters.q ?? '')) onChange({ ...filters, q });
  }, 250);
  const [opened, setOpened] = useState<ChipName | null>(null);
  const shown = chipNames.filter(
    (name) => always.includes(name) || name === opened || differs(name, filters, shownAs),
  );
  return (
    <div className="filters">
      <TextInput
        size="sm"
        className="filters-find"
        ref={searchRef}
        value={text}
        onChange={(e) => {
          setText(e.target.value);
          send(e.target.value);
        }}
        placeholder={t('orders.find')}
        aria-label={t('orders.find')}
        leftSection={<IconSearch size={15} stroke={1.75} />}
        rightSection={<Kbd>/</Kbd>}
      />
      {shown.map((name) => (
        <FilterChip
          key={name}
          name={name}
          filters={filters}
          options={options}
          open={opened === name}
          onOpen={(open) => setOpened(open ? name : null)}
          onChange={onChange}
        />
      ))}
      <DropMenu
        opened={more}
        onChange={onMore}
        position="bottom-start"
        returnFocus={false}
        target={(props) => (
          <button {...props} type="button" className="filter-chip filter-more" data-testid="filter-more">
            <IconFilter size={14} stroke={1.75} aria-hidden />
            {t('filter.more')} <Kbd>F</Kbd>
          </button>
        )}
      >
        {() =>
          chipNames.map((name) => (
            <Menu.Item key={name} onClick={() => setOpened(name)} data-testid={`add-filter-${name}`}>
              {t(`filter.${name}`)}
            </Menu.Item>
          ))
        }
      </DropMenu>
      <span className="filters-end">
        <Fresh filters={filters} />
        <DropMenu
          target={(props) => (
            <Button {...props} variant="subtle" leftSection={<IconArrowsSort size={15} stroke={1.75} />}>
              {t(`sort.${sort ?? 'urgency'}`)}
            </Button>
          )}
        >
          {() => (
            <>
              <Menu.Item onClick={() => onSort(undefined)}>{t('sort.urgency')}</Menu.Item>
              {sorts.map((s) => (
                <Menu.Item key={s} onClick={() => onSort(s)}>
                  {t(`sort.${s}`)}
                </Menu.Item>
              ))}
            </>
          )}
        </DropMenu>
        <span className="filters-columns">
          <ColumnsMenu choice={columns} onChange={onColumns} />
        </span>
      </span>
    </div>
  );
}

/** Not drawn anew while somebody walks the rows. */
export const FilterBar = memo(Bar);
