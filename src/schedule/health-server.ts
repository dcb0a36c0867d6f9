import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { UsageError } from '../errors.ts';
import type { ScheduleMetrics } from './schedule-metrics.ts';
import type { HealthReport } from './schedule-status.ts';

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

interface HealthServerOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly health: () => HealthReport;
  readonly metrics: Pick<ScheduleMetrics, 'text' | 'contentType'>;
}

interface Page {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** This machine only: what is served shows names of jobs, and asks for no login. */
const host = '127.0.0.1';

/**
 * Serves `/healthz` (JSON; 200 when all is well, else 503) and `/metrics` (for Prometheus) on loopback.
 *
 * @throws UsageError when the port cannot be had
 */
export async function serveHealth({ port, health, metrics }: HealthServerOptions): Promise<HealthServer> {
  async function pageAt(path: string): Promise<Page | undefined> {
    if (path === '/metrics') return { status: 200, contentType: metrics.contentType, text: await metrics.text() };
    if (path !== '/healthz') return undefined;
    const report = health();
    return {
      status: report.status === 'ok' ? 200 : 503,
      contentType: 'application/json; charset=utf-8',
      text: `${JSON.stringify(report, null, 2)}\n`,
    };
  }

  async function answer({ method, url = '/' }: IncomingMessage, response: ServerResponse): Promise<void> {
    const found = await pageAt(url.split('?', 1)[0] ?? '/');
    const page = found ?? { status: 404, contentType: 'text/plain', text: 'Expected /healthz or /metrics\n' };
    const isRead = method === 'GET' || method === 'HEAD';
    response.writeHead(isRead ? page.status : 405, {
      'content-type': page.contentType,
      'cache-control': 'no-store',
      ...(isRead ? {} : { allow: 'GET, HEAD' }),
    });
    response.end(method === 'GET' ? page.text : '');
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        new UsageError(`Cannot listen on ${host}:${port}: ${cause.code ?? cause.message}`, {
          hint: 'Choose another port with --listen, or 0 for any that is free',
          cause,
        }),
      );
    });
    server.listen(port, host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A TCP server should have a port');
  return {
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
