/* A browser over a pipe, with a page that nothing looks into but what is asked for. Playwright listens to the network of its pages, and
 * then the browser writes down for each request where in which script it was made: for that it parses the script once more, a tenth of
 * the time that a first load takes. People have no such listener. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Commands and events are JSON with a zero byte behind it, on the third and the fourth file of the process. */
export async function openBare(executable, flags) {
  const home = await mkdtemp(join(tmpdir(), 'sauda-bare-'));
  const child = spawn(executable, [...flags, '--remote-debugging-pipe', `--user-data-dir=${home}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const [to, from] = [child.stdio[3], child.stdio[4]];
  const asked = new Map();
  const heard = new Set();
  let last = 0;
  let rest = '';
  from.setEncoding('utf8').on('data', (chunk) => {
    const parts = (rest + chunk).split('\0');
    rest = parts.pop();
    for (const part of parts) {
      const told = JSON.parse(part);
      const { done, no } = asked.get(told.id) ?? {};
      asked.delete(told.id);
      if (told.error) no?.(new Error(told.error.message));
      else if (done) done(told.result);
      else for (const listen of heard) listen(told);
    }
  });
  const send = (method, params = {}, sessionId) =>
    new Promise((done, no) => {
      asked.set(++last, { done, no });
      to.write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
    });

  return {
    /** A profile of its own, with nothing kept in it but who is signed in. */
    async profile(cookie) {
      const { browserContextId } = await send('Target.createBrowserContext');
      await send('Storage.setCookies', { browserContextId, cookies: [cookie] });
      return {
        async page() {
          const made = await send('Target.createTarget', { url: 'about:blank', browserContextId });
          const { sessionId } = await send('Target.attachToTarget', { targetId: made.targetId, flatten: true });
          const listeners = new Map();
          const listen = (e) => e.sessionId === sessionId && listeners.get(e.method)?.(e.params);
          heard.add(listen);
          const say = (method, params) => send(method, params, sessionId);
          await say('Performance.enable', { timeDomain: 'threadTicks' });
          await say('Page.enable');
          await say('Emulation.setDeviceMetricsOverride', { width: 1440, height: 900, deviceScaleFactor: 1, mobile: false });
          await say('Emulation.setTimezoneOverride', { timezoneId: 'Asia/Almaty' });
          return {
            send: say,
            on: (method, fn) => listeners.set(method, fn),
            /** What an expression comes to in the page, when it is a promise its end. */
            async run(expression) {
              const { result } = await say('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
              return result.value;
            },
            async press(code, key) {
              const windowsVirtualKeyCode = key.toUpperCase().charCodeAt(0);
              for (const type of ['rawKeyDown', 'keyUp']) await say('Input.dispatchKeyEvent', { type, code, key, windowsVirtualKeyCode });
            },
            async metrics() {
              return Object.fromEntries((await say('Performance.getMetrics')).metrics.map((m) => [m.name, m.value]));
            },
            async close() {
              heard.delete(listen);
              await send('Target.closeTarget', { targetId: made.targetId });
            },
          };
        },
        close: () => send('Target.disposeBrowserContext', { browserContextId }),
      };
    },
    async close() {
      const ended = new Promise((done) => child.on('close', done));
      await Promise.race([send('Browser.close'), ended]);
      await ended;
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
