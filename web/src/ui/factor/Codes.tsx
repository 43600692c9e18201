import { Button } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { toast } from '../../base/toasts';
import './factor.css';

/** Recovery codes, shown this once. */
export function Codes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="stack">
      <h2 className="factor-title">{t('factor.codes_title')}</h2>
      <p className="soft">{t('factor.codes_hint')}</p>
      <ul className="factor-codes" data-testid="factor-codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="row">
        <Button
          size="md"
          leftSection={<IconCopy size={16} stroke={1.75} />}
          onClick={() =>
            void navigator.clipboard?.writeText(codes.join('\n')).then(() => toast(t('do.copied')))
          }
        >
          {t('factor.copy')}
        </Button>
        <Button variant="filled" size="md" onClick={onDone}>
          {t('factor.kept')}
        </Button>
      </div>
    </div>
  );
}
