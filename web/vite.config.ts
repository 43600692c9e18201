import react from '@vitejs/plugin-react';
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// `npm run dev` shows the sources as they are typed; the API is a running server's, by default that of `make run`.
const api = process.env.SAUDA_API ?? 'http://127.0.0.1:8080';

const everywhere =
  /node_modules\/(react|react-dom|scheduler|i18next|react-i18next|@tanstack\/(react-query|query-core|react-router|router-core|history|store|react-store))\//;

// Words of settings and of the first run come when they are asked for, or when the page rests. tests/text.test.ts holds that
// nothing else uses them.
export const laterTexts =
  'apikeys audit audit_action calendar check country deadlines density entity mode outbox parked permission setting setup shop statuses theme users where'.split(
    ' ',
  );
const texts: Plugin = {
  name: 'texts',
  enforce: 'pre',
  load(id) {
    const found = /^(.*\/text\/\w+\.json)\?(first|later)$/.exec(id);
    if (!found?.[1]) return null;
    const all = Object.entries(JSON.parse(readFileSync(found[1], 'utf8')) as object);
    const part = all.filter(([name]) => laterTexts.includes(name) === (found[2] === 'later'));
    return { code: `export default ${JSON.stringify(Object.fromEntries(part))}`, moduleType: 'js' };
  },
};

export default defineConfig({
  plugins: [texts, react()],
  server: {
    port: Number(process.env.PORT ?? 5173),
    proxy: {
      // The server takes changes only from its own address.
      '/api': { target: api, changeOrigin: true, headers: { Origin: new URL(api).origin } },
      '/health': { target: api },
    },
  },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // What every page needs goes in few files; the rest is split by section.
        codeSplitting: {
          groups: [
            { name: 'react', test: everywhere },
            // One file packs better than ten: what the shell and the desk draw with.
            {
              name: 'shared',
              test: /\/src\/(base|ui|api)\/(?!DataGrid|GridHead|useForm|pseudo|feedback|ConflictDialog)\w+\.tsx?$|@mantine\/core\/esm\/components\/(Menu|Popover|Tooltip|Input|InputBase|TextInput|Button|ActionIcon|CloseButton|Skeleton|FocusTrap|Portal|Transition|Loader|Paper)\/|@floating-ui\//,
            },
          ],
        },
      },
    },
  },
  test: { environment: 'jsdom', include: ['tests/**/*.test.{ts,tsx}'], globals: false },
});
