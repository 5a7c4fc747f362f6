import { defineConfig } from 'vitest/config';

/** For asking vitest which tests there are: no servers are started for it. */
export default defineConfig({ test: { include: ['test/**/*.test.ts'] } });
