import { Button, Switch } from '@mantine/core';
import { useLayoutEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { boundKey, readBindings, rebind, writeBindings } from '../../base/hotkeys';
import { letterKeys } from '../../base/keyList';
import { cyrillicLetter } from '../../base/layout';
import { useSaveSession } from '../../base/session';
import { useSession } from '../../base/shop';
import { Card, useLang } from '../../ui/bits';

/** Single letters may be switched off, or bound to other keys (WCAG 2.1.4); the server keeps it for every machine. */
export function KeysBox() {
  const { t } = useTranslation();
  const lang = useLang();
  const { user } = useSession();
  const save = useSaveSession();
  const [asked, setAsked] = useState<string | null>(null);
  const map = readBindings(user.keys);

  useLayoutEffect(() => {
    if (!asked) return;
    const take = (event: KeyboardEvent) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (event.code === 'Escape' || event.code === 'Tab') return setAsked(null);
      // G begins the way to a section and stays where it is.
      if (!/^Key[A-Z]$/.test(event.code) || event.code === 'KeyG') return;
      const keys = writeBindings(rebind(readBindings(user.keys), asked, event.code));
      save.mutate({ keys });
      setAsked(null);
    };
    window.addEventListener('keydown', take, { capture: true });
    return () => window.removeEventListener('keydown', take, { capture: true });
  }, [asked, user.keys, save]);

  return (
    <Card
      title={t('profile.keys_title')}
      aside={
        user.keys && (
          <Button size="xs" onClick={() => save.mutate({ keys: '' })}>
            {t('profile.keys_reset')}
          </Button>
        )
      }
    >
      <div className="stack">
        <Switch
          label={t('profile.keys')}
          checked={!user.keys_off}
          onChange={(e) => save.mutate({ keys_off: !e.target.checked })}
        />
        <p className="caption">{t('profile.keys_hint')}</p>
        <div className="profile-keys">
          {letterKeys().map(({ code, names }) => {
            const key = boundKey(code, map).slice(3);
            const what = names.map((n) => t(`keys.${n}`)).join(', ');
            return (
              <div key={code} className="keys-row">
                <span className="grow">{what}</span>
                <Button
                  size="xs"
                  disabled={user.keys_off}
                  data-testid={`bind-${code}`}
                  aria-label={t('profile.keys_bind', { what, key })}
                  variant={key === code.slice(3) ? 'default' : 'filled'}
                  onClick={() => setAsked(asked === code ? null : code)}
                  onBlur={() => setAsked(null)}
                >
                  {asked === code ? t('profile.keys_press') : `${key} / ${cyrillicLetter(key, lang)}`}
                </Button>
              </div>
            );
          })}
        </div>
      </div>
    </Card>
  );
}
