import { useWords } from '../base/words';
import { Tip } from './Tip';

/** The name a marketplace told, or that it tells none. */
export function BuyerName({ name, className = 'cut' }: { name: string; className?: string }) {
  const { t } = useWords();
  return name ? (
    <span className={className}>{name}</span>
  ) : (
    <span className={`${className} quiet`}>{t('order.buyer_hidden')}</span>
  );
}

/** How it travels, in our words where we have some; the channel's own word is a hover away. */
export function DeliveryWay({ native, className }: { native: string | null; className?: string }) {
  const { t, i18n } = useWords();
  if (!native) return <span className="quiet">—</span>;
  if (!i18n.exists(`way.${native}`)) return <span className={className}>{native}</span>;
  return (
    <Tip label={() => native}>
      <span className={className}>{t(`way.${native}`)}</span>
    </Tip>
  );
}
