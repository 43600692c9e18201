import react from '@vitejs/plugin-react';
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// `npm run dev` shows the sources as they are typed; the API is a running server's, by default that of `make run`.
const api = process.env.SAUDA_API ?? 'http://127.0.0.1:8080';

const everywhere =
  /node_modules\/(react|react-dom|scheduler|i18next|react-i18next|@tanstack\/(react-query|query-core|react-router|router-core|history|store|react-store))\//;

// Words that the desk has no use for come with the pages that say them, or when the page rests. tests/text.test.ts holds that
// nothing else uses them.
export const laterTexts = (
  'apikeys audit audit_action calendar check country deadlines density entity join mode outbox parked permission setting setup shop ' +
  'statuses theme tryout users webhook where ' +
  'block board checklist doc evidence history identity money news path side start triage waits'
).split(' ');
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

// Mantine brings fourteen colours and parts like menus within menus, which come along even when nobody asks for them. What is
// named here is left out of the build: tests/unused.test.ts holds that nothing uses it.
export const unusedColors = 'cyan grape green indigo lime orange pink violet yellow'.split(' ');
export const unusedParts: Record<string, string> = {
  ActionIcon: 'Group GroupSection',
  Button: 'Group GroupSection',
  Checkbox: 'Card Indicator',
  Menu: 'CheckboxGroup CheckboxItem ContextMenu RadioGroup RadioItem Search Sub',
  Popover: 'ContextMenu',
  Tooltip: 'Floating Group',
};
const unused: Plugin = {
  name: 'unused',
  enforce: 'pre',
  apply: 'build',
  resolveId(source, importer) {
    const whole = /\/components\/(\w+)\/\1\.mjs$/.exec(importer ?? '')?.[1];
    const part = /^\.\/(\w+)\/\1\.mjs$/.exec(source)?.[1];
    const out = whole && part && unusedParts[whole]?.split(' ').some((p) => part === whole + p);
    return out ? `\0unused:${part}` : null;
  },
  load(id) {
    if (id.startsWith('\0unused:')) return `export const ${id.slice('\0unused:'.length)} = undefined;`;
    if (!id.endsWith('/default-css-variables.css')) return null;
    const lines = new RegExp(`^\\s*--mantine-color-(${unusedColors.join('|')})-[^;]*;\\n`, 'gm');
    return readFileSync(id, 'utf8').replace(lines, '');
  },
};

export default defineConfig({
  plugins: [texts, unused, react()],
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
