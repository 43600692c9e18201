import { Button } from '@mantine/core';
import { IconCheck, IconLock, IconX } from '@tabler/icons-react';
import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../base/shop';
import { ErrorState } from './bits';

/* What a screen or a part of it shows when it cannot show its rows. Skeletons and errors are in bits. */

/** One line what will be here, one button that makes it happen. */
export function EmptyFirst({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <div className="state" data-state="first">
      <div className="state-line">{text}</div>
      {children}
    </div>
  );
}

/** Nothing matches: the filters, each to be taken away by itself, and all at once. */
export function EmptyFiltered({
  filters,
  onReset,
}: {
  filters: { name: string; text: string; remove: () => void }[];
  onReset: () => void;
}) {
  const { t } = useTranslation();
  return (
    <div className="state" data-state="filtered">
      <div className="state-line">{t('state.nothing')}</div>
      <div className="row row-wrap state-filters" data-testid="empty-filters">
        {filters.map((f) => (
          <button key={f.name} type="button" className="chip chip-button" onClick={f.remove}>
            {f.text}
            <IconX size={12} stroke={2} aria-label={t('state.without', { name: f.text })} />
          </button>
        ))}
      </div>
      <Button onClick={onReset}>{t('do.reset')}</Button>
    </div>
  );
}

/** All is done: calm, with what comes next. */
export function EmptyDone({ text, next }: { text: string; next?: ReactNode }) {
  return (
    <div className="state" data-state="done">
      <IconCheck size={20} stroke={1.75} className="good" aria-hidden />
      <div className="state-line">{text}</div>
      {next && <div className="quiet">{next}</div>}
    </div>
  );
}

/** The section is not this role's; who may open it. */
export function NoRight() {
  const { t } = useTranslation();
  const { users, user } = useSession();
  const owners = users.filter((u) => u.owner).map((u) => u.name);
  const role = [...user.roles.map((r) => t(`role.${r}`)), ...user.own_roles].join(', ');
  return (
    <div className="state" data-state="right">
      <IconLock size={20} stroke={1.75} className="quiet" aria-hidden />
      <div className="state-line">{t('state.no_right', { role })}</div>
      {owners.length > 0 && <div className="quiet">{t('state.ask', { name: owners.join(', ') })}</div>}
    </div>
  );
}

interface GuardProps {
  children: ReactNode;
  /** Another place begins anew. */
  place?: string;
}

/** A part that breaks harms itself alone: the rest of the screen goes on, and the part can be tried again. */
export class Guard extends Component<GuardProps, { error: unknown; place: string | undefined }> {
  state = { error: null as unknown, place: this.props.place };
  static getDerivedStateFromError(error: unknown) {
    return { error };
  }
  static getDerivedStateFromProps(props: GuardProps, state: { place: string | undefined }) {
    return props.place === state.place ? null : { error: null, place: props.place };
  }
  render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    // A part of the program that is gone after an update comes with a fresh page only.
    const gone = error instanceof TypeError && /import|module/i.test(error.message);
    const retry = () => (gone ? window.location.reload() : this.setState({ error: null }));
    return <ErrorState error={error} retry={retry} />;
  }
}
