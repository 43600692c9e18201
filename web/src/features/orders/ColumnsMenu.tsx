import { ActionIcon, Button, Checkbox } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconColumns3 } from '@tabler/icons-react';
import { useWords } from '../../base/words';
import { DropPanel } from '../../ui/Drop';
import { firstChoice, freeColumns, moveColumn, type ColumnChoice } from './columnChoice';

interface Props {
  choice: ColumnChoice;
  onChange: (choice: ColumnChoice) => void;
}

/** Which columns, in what order: by arrows, so that no dragging is needed. */
export function ColumnsMenu({ choice, onChange }: Props) {
  const { t } = useWords();
  const list = choice.order.filter((c) => freeColumns.includes(c));
  return (
    <DropPanel
      position="bottom-end"
      width={290}
      trapFocus
      panel={{ p: 'sm', 'data-menu-dropdown': true }}
      target={(props) => (
        <Button
          {...props}
          variant="subtle"
          leftSection={<IconColumns3 size={15} stroke={1.75} />}
          data-testid="columns"
        >
          {t('orders.columns')}
        </Button>
      )}
    >
      {() => (
        <>
          <ul className="columns-list" aria-label={t('orders.columns')}>
            {list.map((c, i) => (
              <li key={c} data-testid={`column-${c}`}>
                <Checkbox
                  className="grow"
                  p={6}
                  label={t(`column.${c}`)}
                  checked={!choice.hidden[c]}
                  onChange={(e) =>
                    onChange({ ...choice, hidden: { ...choice.hidden, [c]: !e.target.checked } })
                  }
                />
                <ActionIcon
                  size={24}
                  disabled={i === 0}
                  aria-label={t('orders.column_up', { name: t(`column.${c}`) })}
                  onClick={() => onChange(moveColumn(choice, c, -1))}
                >
                  <IconChevronUp size={15} stroke={1.75} />
                </ActionIcon>
                <ActionIcon
                  size={24}
                  disabled={i === list.length - 1}
                  aria-label={t('orders.column_down', { name: t(`column.${c}`) })}
                  onClick={() => onChange(moveColumn(choice, c, 1))}
                >
                  <IconChevronDown size={15} stroke={1.75} />
                </ActionIcon>
              </li>
            ))}
          </ul>
          <Button size="xs" variant="subtle" onClick={() => onChange(firstChoice)}>
            {t('orders.columns_reset')}
          </Button>
        </>
      )}
    </DropPanel>
  );
}
