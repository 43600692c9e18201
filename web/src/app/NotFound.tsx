import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Empty } from '../ui/bits';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Empty text={t('app.not_found')}>
      <Link to="/">{t('nav.overview')}</Link>
    </Empty>
  );
}
