import { statfsSync } from 'node:fs';
import type { ServerSettings } from './embedded-options.ts';
import { SERVER_PORT } from './home-layout.ts';
import { unlessAbsent } from './read-if-present.ts';

/** Parallel queries ask for tens of megabytes of /dev/shm; containers give 64 MB by default. */
const ENOUGH_SHARED_MEMORY = 512 * 1024 ** 2;

/**
 * The settings of the embedded server: for a machine with 2 cores that loads a million rows at a time, durable, reached
 * through its socket only, and silent about the data.
 */
export function serverSettings(socketDirectory: string, extra: ServerSettings): ServerSettings {
  return {
    listen_addresses: '',
    port: SERVER_PORT,
    unix_socket_directories: quoteForList(socketDirectory),
    max_connections: 200,

    shared_buffers: '256MB',
    work_mem: '16MB',
    maintenance_work_mem: '128MB',
    effective_cache_size: '1GB',
    random_page_cost: 1.1,
    dynamic_shared_memory_type: sharedMemoryType(),

    // Nothing reads the log of this server but its own recovery: COPY into a new table then skips it.
    wal_level: 'minimal',
    max_wal_senders: 0,
    max_wal_size: '4GB',
    checkpoint_timeout: '15min',

    // Errors go to the client, who knows what may be shown; their values and statements would end in a plain log file.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    logging_collector: 'off',
    log_line_prefix: '%m [%p] ',
    ...extra,
  };
}

/** A list setting splits at commas and spaces unless the item is quoted. */
function quoteForList(item: string): string {
  return `"${item.replaceAll('"', '""')}"`;
}

function sharedMemoryType(): 'posix' | 'mmap' {
  const shm = unlessAbsent(() => statfsSync('/dev/shm'));
  return shm !== undefined && shm.bavail * shm.bsize >= ENOUGH_SHARED_MEMORY ? 'posix' : 'mmap';
}
