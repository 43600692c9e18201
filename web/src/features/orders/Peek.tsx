import { ActionIcon, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconExternalLink, IconX } from '@tabler/icons-react';
import { useWords } from '../../base/words';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { OrderAction, OrderCard, QueueRow } from '../../api/types';
import { formatTime } from '../../base/format';
import { useOpenHere, useOthersAt } from '../../base/presence';
import { useSession, useShop } from '../../base/shop';
import { Bones, ErrorState, Kbd, Person } from '../../ui/bits';
import { SlaChip } from '../../ui/SlaChip';
import { OrderNumber } from './columns';
import { StatusCell } from './StatusCell';
import { LinesTable } from './OrderLines';
import { CustomerCardBox, DeliveryBox } from './OrderSide';
import '../../ui/forms.css';

interface Props {
  row: QueueRow;
  onClose: () => void;
  onOpen: () => void;
  onRun: (action: OrderAction) => void;
}

export default function Peek({ row, onClose, onOpen, onRun }: Props) {
  const { t } = useWords();
  const session = useSession();
  const shop = useShop();
  useOpenHere(row.id);
  const others = useOthersAt(row.id, session.user.id);
  const card = useQuery({
    queryKey: keys.order(row.id),
    queryFn: () => get<OrderCard>(`/api/orders/${row.id}`),
    placeholderData: (old) => (old?.id === row.id ? old : undefined),
  });
  return (
    <aside className="peek" data-testid="peek" aria-label={t('peek.label')}>
      <div className="row">
        <OrderNumber row={row} />
        <SlaChip due={row} />
        <span className="end row">
          <ActionIcon aria-label={t('keys.open')} onClick={onOpen}>
            <IconExternalLink size={16} stroke={1.75} />
          </ActionIcon>
          <ActionIcon aria-label={t('do.close')} onClick={onClose}>
            <IconX size={16} stroke={1.75} />
          </ActionIcon>
        </span>
      </div>
      {others.map((p) => (
        <div key={p.user_id} className="notice notice-amber" data-testid="peek-other">
          <Person name={p.name} />
          {t('presence.open_since', { name: p.name, time: formatTime(p.since, shop.time_zone) })}
        </div>
      ))}
      <div className="row row-wrap">
        <StatusCell row={row} />
        {row.status === 'new' && (
          <Button
            size="xs"
            variant="filled"
            className="end"
            rightSection={<Kbd onInk>C</Kbd>}
            onClick={() => onRun('confirm')}
          >
            {t('action.confirm')}
          </Button>
        )}
      </div>
      {card.error ? (
        <ErrorState error={card.error} retry={() => void card.refetch()} />
      ) : !card.data ? (
        <Bones lines={8} />
      ) : (
        <>
          <section className="card">
            <LinesTable order={card.data} narrow />
          </section>
          <CustomerCardBox order={card.data} />
          <DeliveryBox order={card.data} />
        </>
      )}
    </aside>
  );
}
