import { Button, Menu } from '@mantine/core';
import { IconArrowsSort } from '@tabler/icons-react';
import { memo, useState } from 'react';
import { useWords } from '../../base/words';
import { DropMenu } from '../../ui/Drop';
import { FindField, MoreFilters } from '../../ui/FilterShell';
import type { ColumnChoice } from './columnChoice';
import { ColumnsMenu } from './ColumnsMenu';
import { OrderChip } from './OrderChip';
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
  const [opened, setOpened] = useState<ChipName | null>(null);
  const shown = chipNames.filter(
    (name) => always.includes(name) || name === opened || differs(name, filters, shownAs),
  );
  return (
    <div className="filters">
      <FindField
        value={filters.q}
        label={t('orders.find')}
        onFind={(q) => onChange({ ...filters, q })}
        fieldRef={searchRef}
      />
      {shown.map((name) => (
        <OrderChip
          key={name}
          name={name}
          filters={filters}
          options={options}
          open={opened === name}
          onOpen={(open) => setOpened(open ? name : null)}
          onChange={onChange}
        />
      ))}
      <MoreFilters
        open={more}
        onOpen={onMore}
        list={chipNames.map((name) => ({ name, title: t(`filter.${name}`), run: () => setOpened(name) }))}
      />
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
