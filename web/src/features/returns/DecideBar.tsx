import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconCheck, IconDots } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ReturnAction, ReturnCard } from '../../api/types';
import { Kbd } from '../../ui/bits';
import { DropMenu } from '../../ui/Drop';
import { allowed, keyOf, mainOf, refusals } from './steps';

interface Props {
  card: ReturnCard;
  busy: boolean;
  offline: boolean;
  onAct: (action: ReturnAction) => void;
  /** How many stand beside the main one. */
  beside?: number;
  /** What has a form of its own on the screen. */
  without?: ReturnAction[];
}

/** The decision: what is next in one click, the others beside it, a refusal apart. */
export function DecideBar({ card, busy, offline, onAct, beside = 2, without = [] }: Props) {
  const { t } = useTranslation();
  const main = mainOf(card);
  const open = allowed(card).filter((a) => a !== main && !without.includes(a));
  const refuse = open.find((a) => refusals.includes(a));
  const others = open.filter((a) => a !== refuse);
  const near = others.slice(0, beside);
  const far = others.slice(beside);
  const keyFor = (action: ReturnAction) => {
    const key = keyOf(action, main);
    return key ? <Kbd onInk={action === main}>{key}</Kbd> : undefined;
  };
  // Money above the limit waits for somebody else than who proposed it.
  const second = main === 'refund' && card.refunds.some((m) => m.needs_second && m.mine);
  if (!main && !open.length) return null;
  return (
    <div className="ret-decide" data-testid="decide">
      {main && (
        <Button
          size="md"
          variant="filled"
          loading={busy}
          disabled={offline || second}
          title={second ? t('returns.needs_second') : undefined}
          leftSection={<IconCheck size={16} stroke={1.9} />}
          rightSection={keyFor(main)}
          onClick={() => onAct(main)}
          data-testid="return-main"
        >
          {t(`return_action.${main}`)}
        </Button>
      )}
      {near.map((a) => (
        <Button
          key={a}
          size="md"
          disabled={offline || busy}
          onClick={() => onAct(a)}
          data-testid={`return-${a}`}
        >
          {t(`return_action.${a}`)}
        </Button>
      ))}
      {refuse && (
        <Button
          size="md"
          color="red"
          variant="outline"
          disabled={offline || busy}
          onClick={() => onAct(refuse)}
          data-testid={`return-${refuse}`}
        >
          {t(`return_action.${refuse}`)}
        </Button>
      )}
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
                rightSection={keyFor(a)}
                color={refusals.includes(a) ? 'red' : undefined}
                onClick={() => onAct(a)}
              >
                {t(`return_action.${a}`)}
              </Menu.Item>
            ))
          }
        </DropMenu>
      )}
    </div>
  );
}
