/** A plain server of files from disk, without a library: what is measured against where there is no nginx. Usage: node bench/static-server.ts ROOT PORT */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';

const [root = '', port] = process.argv.slice(2);

http
  .createServer(async (request, response) => {
    const file = path.join(root, path.normalize(`/${request.url}`));
    const { size } = await stat(file);
    response.writeHead(200, { 'Content-Length': size });
    createReadStream(file).pipe(response);
  })
  .listen(Number(port), '127.0.0.1');
