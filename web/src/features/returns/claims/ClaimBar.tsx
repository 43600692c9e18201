import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconCheck, IconDots } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ClaimAction, ClaimCard } from '../../../api/types';
import { Kbd } from '../../../ui/bits';
import { DropMenu } from '../../../ui/Drop';
import { allowed, mainOf } from './steps';

interface Props {
  card: ClaimCard;
  busy: boolean;
  offline: boolean;
  beside: number;
  onAct: (action: ClaimAction) => void;
}

/** The next step in one click, what else may become of the claim beside it. */
export function ClaimBar({ card, busy, offline, beside, onAct }: Props) {
  const { t } = useTranslation();
  const main = mainOf(card);
  const others = allowed(card).filter((a) => a !== main);
  const near: ClaimAction[] = others.filter((a) => a !== 'withdraw').slice(0, beside);
  const far = others.filter((a) => !near.includes(a));
  if (!main && !others.length) return null;
  return (
    <div className="ret-decide" data-testid="claim-acts">
      {main && (
        <Button
          size="md"
          variant="filled"
          loading={busy}
          disabled={offline}
          leftSection={<IconCheck size={16} stroke={1.9} />}
          rightSection={<Kbd onInk>C</Kbd>}
          onClick={() => onAct(main)}
          data-testid="claim-main"
        >
          {t(`claim_action.${main}`)}
        </Button>
      )}
      {near.map((a) => (
        <Button
          key={a}
          size="md"
          disabled={offline || busy}
          onClick={() => onAct(a)}
          data-testid={`claim-${a}`}
        >
          {t(`claim_action.${a}`)}
        </Button>
      ))}
      {far.length > 0 && (
        <DropMenu
          target={(props) => (
            <ActionIcon {...props} variant="default" size={34} aria-label={t('do.more')}>
              <IconDots size={18} stroke={1.75} />
            </ActionIcon>
          )}
        >
          {() =>
            far.map((a) => (
              <Menu.Item
                key={a}
                disabled={offline || busy}
                color={a === 'withdraw' ? 'red' : undefined}
                onClick={() => onAct(a)}
                data-testid={`claim-${a}`}
              >
                {t(`claim_action.${a}`)}
              </Menu.Item>
            ))
          }
        </DropMenu>
      )}
    </div>
  );
}
