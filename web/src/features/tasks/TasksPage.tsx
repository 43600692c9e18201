import { Button, SegmentedControl } from '@mantine/core';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, patch } from '../../api/client';
import { keys } from '../../api/keys';
import type { Page, Task } from '../../api/types';
import { serverClock } from '../../base/clock';
import { useHotkeys } from '../../base/hotkeys';
import { useOrderActions } from '../../base/orderActions';
import { dayAt, dayStart } from '../../base/days';
import { usePersonName, useSession, useShop } from '../../base/shop';
import { useTaskTitle } from '../../base/taskTitle';
import { closeToast, toast } from '../../base/toasts';
import { Bones, ErrorState, Kbd, Person, useOffline, useWhen } from '../../ui/bits';
import { EmptyDone } from '../../ui/states';
import '../../ui/forms.css';
import './tasks.css';

/** What is to be done, the soonest first: one's own, or everything that is open. */
export default function TasksPage() {
  const { t } = useTranslation();
  const session = useSession();
  const client = useQueryClient();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as Record<string, string | undefined>;
  const nameOf = usePersonName();
  const titleOf = useTaskTitle();
  const when = useWhen();
  const offline = useOffline() !== null;
  const { fail } = useOrderActions();
  const mine = search.who !== 'all';
  const today = search.due === 'today';
  const zone = useShop().time_zone;
  const until = today ? dayStart(dayAt(new Date(serverClock.now()).toISOString(), zone), zone, 1) : '';
  const list = useInfiniteQuery({
    queryKey: [...keys.tasks, mine, until],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const params = new URLSearchParams({ state: 'open', limit: '100' });
      if (mine) params.set('mine', '1');
      if (until) params.set('due_to', until);
      if (pageParam) params.set('after', pageParam);
      return get<Page<Task>>('/api/tasks', params, signal);
    },
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const rows = useMemo(() => list.data?.pages.flatMap((p) => p.items) ?? [], [list.data]);
  const [at, setAt] = useState(0);
  const here = Math.min(at, rows.length - 1);

  const change = async (task: Task, body: Partial<Pick<Task, 'state' | 'assignee_id'>>) => {
    try {
      return await patch<Task>(`/api/tasks/${task.id}`, body, task.version);
    } catch (error) {
      fail(error);
      return null;
    } finally {
      for (const key of [keys.tasks, keys.overview, keys.anyOrder])
        void client.invalidateQueries({ queryKey: key });
    }
  };
  const finish = async (task: Task) => {
    if (offline) return;
    const done = await change(task, { state: 'done' });
    if (!done) return;
    const id = toast(t('task.did', { title: titleOf(task) }), {
      action: {
        label: t('do.undo'),
        testid: 'undo',
        run: () => {
          closeToast(id);
          void change(done, { state: 'open' });
        },
      },
    });
  };
  const go = (all: boolean, due: boolean) =>
    void navigate({
      to: '/tasks',
      search: { ...(all && { who: 'all' }), ...(due && { due: 'today' }) },
      replace: true,
    });
  const who = (value: string) => go(value === 'all', today);
  const move = (by: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, here + by));
    setAt(next);
    document.querySelectorAll('.tasks li')[next]?.scrollIntoView({ block: 'nearest' });
  };
  const open = (task: Task | undefined) => {
    if (!task?.order_id) return false;
    void navigate({ to: '/orders/$id', params: { id: task.order_id } });
  };
  useHotkeys({
    KeyJ: () => move(1),
    ArrowDown: () => move(1),
    KeyK: () => move(-1),
    ArrowUp: () => move(-1),
    Enter: () => open(rows[here]),
    KeyE: () => {
      const task = rows[here];
      if (!task) return false;
      void finish(task);
    },
  });

  return (
    <div className="scroll-page">
      <div className="page-head tasks-head">
        <h1 className="grow">{t('nav.tasks')}</h1>
        <span className="caption tasks-keys">
          <Kbd>J</Kbd> <Kbd>K</Kbd> · <Kbd>E</Kbd> {t('task.done')}
        </span>
        {today && (
          <button
            type="button"
            className="chip chip-accent chip-button"
            onClick={() => go(!mine, false)}
            data-testid="due-today"
          >
            {t('task.today')} <IconX size={13} stroke={1.9} aria-label={t('do.reset')} />
          </button>
        )}
        <SegmentedControl
          value={mine ? 'mine' : 'all'}
          onChange={who}
          data={(['mine', 'all'] as const).map((v) => ({ value: v, label: t(`task.who_${v}`) }))}
          aria-label={t('task.who')}
        />
      </div>
      {list.error ? (
        <ErrorState error={list.error} retry={() => void list.refetch()} />
      ) : !list.data ? (
        <div className="tasks-bones">
          <Bones lines={8} height={30} />
        </div>
      ) : rows.length === 0 ? (
        <EmptyDone
          text={t(mine ? 'task.none_mine' : 'task.none')}
          next={mine && <Button onClick={() => who('all')}>{t('task.who_all')}</Button>}
        />
      ) : (
        <ul className="tasks" aria-label={t('nav.tasks')}>
          {rows.map((task, i) => {
            const name = nameOf(task.assignee_id);
            const late = task.due_at && new Date(task.due_at).getTime() < serverClock.now();
            const title = titleOf(task);
            return (
              <li key={task.id} data-focused={i === here || undefined} data-testid={`task-${task.id}`}>
                <Button
                  size="xs"
                  disabled={offline}
                  leftSection={<IconCheck size={14} stroke={1.9} />}
                  aria-label={t('task.finish', { title })}
                  onClick={() => void finish(task)}
                >
                  {t('task.done')}
                </Button>
                <span className="tasks-title">
                  {task.order_id ? (
                    <Link to="/orders/$id" params={{ id: task.order_id }} className="strong">
                      {title}
                    </Link>
                  ) : (
                    <span className="strong">{title}</span>
                  )}
                  {task.kind !== 'person' && <span className="caption">{t('order.by_rule')}</span>}
                </span>
                <span className={late ? 'bad tasks-due' : 'quiet tasks-due'}>
                  {task.due_at && t('order.until', { time: when(task.due_at, true) })}
                </span>
                {name ? (
                  <span className="row tasks-who">
                    <Person name={name} /> <span className="cut">{name}</span>
                  </span>
                ) : (
                  <span className="tasks-who">
                    <Button
                      size="xs"
                      variant="subtle"
                      disabled={offline}
                      onClick={() => void change(task, { assignee_id: session.user.id })}
                    >
                      {t('task.take')}
                    </Button>
                  </span>
                )}
              </li>
            );
          })}
        </ul>
      )}
      {list.hasNextPage && (
        <div className="state">
          <Button onClick={() => void list.fetchNextPage()} loading={list.isFetchingNextPage}>
            {t('do.more')}
          </Button>
        </div>
      )}
    </div>
  );
}
