import { Button } from '@mantine/core';
import { IconUserPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ReturnCard } from '../../api/types';
import { useReturnActions } from '../../base/returnActions';
import { useMay, usePersonName } from '../../base/shop';
import { AssignDialog } from '../../ui/AssignDialog';
import { Person, useOffline } from '../../ui/bits';

interface Props {
  card: Pick<ReturnCard, 'id' | 'assignee_id'>;
  open: boolean;
  onOpen: (open: boolean) => void;
}

/** Who has the return, and giving it to somebody. */
export function AssignReturn({ card, open, onOpen }: Props) {
  const { t } = useTranslation();
  const may = useMay();
  const nameOf = usePersonName();
  const offline = useOffline() !== null;
  const { assign } = useReturnActions();
  const name = nameOf(card.assignee_id);
  if (!may('returns.decide')) return name ? <Person name={name} /> : null;
  return (
    <>
      <Button
        size="xs"
        variant="subtle"
        disabled={offline}
        onClick={() => onOpen(true)}
        leftSection={name ? <Person name={name} /> : <IconUserPlus size={15} stroke={1.75} />}
        data-testid="return-assign"
      >
        <span className="cut">{name || t('action.assign')}</span>
      </Button>
      {open && (
        <AssignDialog
          onClose={() => onOpen(false)}
          onChoose={(to) => {
            onOpen(false);
            void assign(card.id, to);
          }}
        />
      )}
    </>
  );
}
