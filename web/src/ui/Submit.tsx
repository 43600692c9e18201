import { Button, type ButtonProps } from '@mantine/core';
import { useId, type ReactNode } from 'react';
import { useWords } from '../base/words';
import { useOffline } from './bits';

interface Props extends ButtonProps {
  children: ReactNode;
  /** A button beside a form, that writes all the same. */
  onClick?: () => void;
}

/** Sends a form. Without a link it waits and says why; what was typed stays. */
export function Submit({ children, disabled, onClick, ...rest }: Props) {
  const { t } = useWords();
  const offline = useOffline() !== null;
  const why = useId();
  return (
    <>
      <Button
        variant="filled"
        {...rest}
        type={onClick ? 'button' : 'submit'}
        onClick={onClick}
        disabled={disabled === true || offline}
        aria-describedby={offline ? why : undefined}
      >
        {children}
      </Button>
      {offline && (
        <span id={why} className="caption" data-testid="no-link">
          {t('state.no_link')}
        </span>
      )}
    </>
  );
}
