import { IconFileInvoice, IconPackage, IconRoute } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

const icons = { stock: IconPackage, flows: IconRoute, reports: IconFileInvoice };

/** A block whose data are not there yet says what it waits for, and shows no figure. */
export function Waits({ what }: { what: keyof typeof icons }) {
  const { t } = useTranslation();
  const Icon = icons[what];
  return (
    <section className="card waits" aria-label={t(`block.${what}`)} data-testid={`waits-${what}`}>
      <div className="card-head">
        <h2 className="grow">{t(`block.${what}`)}</h2>
      </div>
      <div className="card-body waits-body">
        <span className="tile tile-big" aria-hidden>
          <Icon size={16} stroke={1.75} />
        </span>
        <span className="soft">{t(`waits.${what}`)}</span>
      </div>
    </section>
  );
}
