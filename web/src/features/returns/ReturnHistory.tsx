import { IconAlertTriangle, IconArrowBackUp, IconArrowRight, IconRobot } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ReturnCard } from '../../api/types';
import { When } from '../../ui/bits';
import { useChannelTitle } from '../../ui/ChannelBadge';

/** Who did what and when: a person, a rule, the market; what was not applied is told as well. */
export function ReturnHistory({ card }: { card: ReturnCard }) {
  const { t, i18n } = useTranslation();
  const channel = useChannelTitle()(card.channel);
  const entries = card.history.toSorted((a, b) => b.seq - a.seq);
  const said = (note: string) =>
    note && i18n.exists(`return_note.${note}`) ? t(`return_note.${note}`) : note;
  const kinds = ['channel', 'key', 'rule', 'system', 'user'];
  return (
    <section className="card">
      <div className="card-head">
        <h2>{t('history.title')}</h2>
      </div>
      <div className="card-body">
        <ol className="history ret-history">
          {entries.map((e) => {
            const Icon = e.flagged
              ? IconAlertTriangle
              : e.actor_kind === 'rule'
                ? IconRobot
                : e.from
                  ? IconArrowRight
                  : IconArrowBackUp;
            const name = e.actor_kind === 'channel' ? channel : e.actor_name;
            const who = kinds.includes(e.actor_kind) ? t(`actor.${e.actor_kind}`, { name }) : name;
            return (
              <li key={e.seq}>
                <span className="quiet">
                  <When at={e.at} />
                </span>
                <span className="history-icon">
                  <Icon size={14} stroke={1.9} aria-hidden />
                </span>
                <div className="history-body">
                  <span className={e.flagged ? 'warn' : undefined}>
                    {e.flagged
                      ? t('returns.not_applied', { state: t(`return_state.${e.to}`) })
                      : t(`return_state.${e.to}`)}
                  </span>
                  <span className="caption">
                    {[who, e.external_state, e.implied ? t('history.implied') : null, said(e.note)]
                      .filter(Boolean)
                      .join(' · ')}
                  </span>
                </div>
              </li>
            );
          })}
        </ol>
      </div>
    </section>
  );
}
