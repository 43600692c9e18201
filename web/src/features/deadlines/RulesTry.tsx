import { Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Policy, Step } from '../../api/types';
import { useSession } from '../../base/shop';
import { Card } from '../../ui/bits';
import { useChannelTitle } from '../../ui/ChannelBadge';
import { TryOut } from './TryOut';

const steps: Step[] = ['confirm', 'assemble', 'hand_over'];

/** Which of the saved rules would be taken, and what it gives. */
export function RulesTry({ policies }: { policies: Policy[] }) {
  const { t } = useTranslation();
  const session = useSession();
  const title = useChannelTitle();
  const channels = [...new Set(session.accounts.map((a) => a.channel))];
  const [step, setStep] = useState<Step>('confirm');
  const [chosen, setChannel] = useState('');
  // A channel without a rule would answer that there is none.
  const ruled = channels.find((c) =>
    policies.some((p) => p.active && p.step === step && (!p.channel || p.channel === c)),
  );
  const channel = chosen || (ruled ?? channels[0] ?? '');
  return (
    <Card title={t('tryout.title')}>
      <TryOut ask={{ step, channel }}>
        <Select
          size="sm"
          label={t('deadlines.step')}
          value={step}
          onChange={(v) => v && setStep(v as Step)}
          data={steps.map((s) => ({ value: s, label: t(`step.${s}`) }))}
          allowDeselect={false}
        />
        {channels.length > 0 && (
          <Select
            size="sm"
            label={t('deadlines.channel')}
            value={channel}
            onChange={(v) => v && setChannel(v)}
            data={channels.map((c) => ({ value: c, label: title(c) }))}
            allowDeselect={false}
          />
        )}
      </TryOut>
    </Card>
  );
}
