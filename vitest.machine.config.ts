import { defineConfig } from 'vitest/config';

/** Tests that need more of the machine: a browser, LibreOffice, Redis, another PostgreSQL, time to kill processes in. */
export default defineConfig({
  test: {
    include: [
      'test/**/*.browser.test.ts',
      'test/**/*.office.test.ts',
      'test/**/*.servers.test.ts',
      'test/**/*.kill.test.ts',
    ],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 1_800_000,
    hookTimeout: 300_000,
    maxWorkers: 1,
    fileParallelism: false,
  },
});
