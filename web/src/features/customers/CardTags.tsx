import { IconPlus, IconTag, IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerCard } from '../../api/types';
import { useMay } from '../../base/shop';
import { TagDialog } from './TagDialog';
import { useTags } from './useTags';

/** Words on the card; each leads to all who have it. */
export function CardTags({ card }: { card: CustomerCard }) {
  const { t } = useTranslation();
  const can = useMay()('customers.tag') && card.state === 'active';
  const [adding, setAdding] = useState(false);
  const put = useTags();
  if (!card.tags.length && !can) return null;
  return (
    <div className="row row-wrap customer-tags" data-testid="card-tags">
      {card.tags.map((name) => (
        <span className="chip chip-line" key={name}>
          <IconTag size={12} stroke={2} aria-hidden />
          <Link to="/customers" search={{ tag: name }}>
            {name}
          </Link>
          {can && (
            <button
              type="button"
              className="chip-x"
              aria-label={t('order.tag_remove', { name })}
              onClick={() => void put([card.id], name, false)}
            >
              <IconX size={12} stroke={2} />
            </button>
          )}
        </span>
      ))}
      {can && (
        <button type="button" className="chip chip-line chip-button" onClick={() => setAdding(true)}>
          <IconPlus size={12} stroke={2} aria-hidden />
          {t('customers.tag')}
        </button>
      )}
      {adding && <TagDialog chosen={[card]} onClose={() => setAdding(false)} />}
    </div>
  );
}
