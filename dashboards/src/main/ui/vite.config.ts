import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// Written where the jar expects the pages; everything is a file of its own, so that a strict content policy holds.
export default defineConfig({
  plugins: [react()],
  base: '/',
  build: {
    outDir: '../../../target/classes/dev/pareto/dashboards/ui',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8081' } },
});
