/** Property tests draw the same cases every time; another seed (`MINGCE_SEED`) looks further. */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.MINGCE_SEED ?? 113) });
