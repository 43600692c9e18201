import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { fakeServer } from './dev/fake-server.ts';

// The fake answers only in `npm run dev`; SAUDA_API sends the calls to a real server instead.
const api = process.env.SAUDA_API;

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
  },
  test: { environment: 'jsdom', include: ['tests/**/*.test.{ts,tsx}'], globals: false },
});
