/** Deposits the first night into a home: `deposit-program.ts HOME CLOCK`. */
import { openRehearsal } from '../../../samples/rehearsal.ts';
import { REHEARSAL_CLOCKS } from '../../../samples/world/clocks.ts';

const [home = '', clock = ''] = process.argv.slice(2);
await openRehearsal({ seed: 113, home, clocks: REHEARSAL_CLOCKS }).deposit(clock);
