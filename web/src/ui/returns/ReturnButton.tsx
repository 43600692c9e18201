import { Button } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { lazyIdle } from '../../base/lazyIdle';
import { useMay } from '../../base/shop';
import { Kbd, useOffline } from '../bits';

const CreateReturn = lazyIdle(() => import('./CreateReturn'));

interface Props {
  orders: { id: string; number: string }[];
  /** Also opened from without: by its key. */
  opened?: boolean;
  onChange?: (open: boolean) => void;
  shown?: string;
  main?: boolean;
}

/** «Оформить возврат»: nothing where nothing may come back. */
export function ReturnButton({ orders, opened, onChange, shown, main }: Props) {
  const { t } = useTranslation();
  const may = useMay();
  const offline = useOffline() !== null;
  const [own, setOwn] = useState(false);
  if (!may('returns.create')) return null;
  const set = (open: boolean) => {
    setOwn(open);
    onChange?.(open);
  };
  return (
    <>
      <Button
        size={main ? 'md' : 'xs'}
        variant={main ? 'filled' : 'default'}
        disabled={offline}
        leftSection={<IconArrowBackUp size={15} stroke={1.75} />}
        rightSection={shown ? <Kbd onInk={main}>{shown}</Kbd> : undefined}
        onClick={() => set(true)}
        data-testid="make-return"
      >
        {t('returns.make')}
      </Button>
      <Suspense>{(opened ?? own) && <CreateReturn orders={orders} onClose={() => set(false)} />}</Suspense>
    </>
  );
}
