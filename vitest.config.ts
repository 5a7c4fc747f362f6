import { configDefaults, defineConfig } from 'vitest/config';

/** Tests that need no more than npm brings. Those that need Redis, another PostgreSQL, a browser or LibreOffice have their own configuration. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [
      ...configDefaults.exclude,
      'test/**/*.browser.test.ts',
      'test/**/*.office.test.ts',
      'test/**/*.servers.test.ts',
      'test/**/*.kill.test.ts',
    ],
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/seeded.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
