import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { fakeServer } from './dev/fake-server.ts';

// The fake answers only in `npm run dev`; SAUDA_API sends the calls to a real server instead.
const api = process.env.SAUDA_API;

const everywhere =
  /node_modules\/(react|react-dom|scheduler|i18next|react-i18next|@tanstack\/(react-query|query-core|react-router|router-core|history|store|react-store))\//;

export default defineConfig({
  plugins: [react(), ...(api ? [] : [fakeServer()])],
  server: {
    port: Number(process.env.PORT ?? 5173),
    proxy: api ? { '/api': { target: api, changeOrigin: true }, '/health': { target: api } } : undefined,
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
            { name: 'shared', test: /\/src\/(base|ui|api)\/(?!DataGrid|useForm)\w+\.tsx?$/ },
          ],
        },
      },
    },
  },
  test: { environment: 'jsdom', include: ['tests/**/*.test.{ts,tsx}'], globals: false },
});
