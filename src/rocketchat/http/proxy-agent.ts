import type { Agent } from 'node:http';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import type { ServerAddress } from '../../server-url.ts';
import type { ClientAgents } from './client.ts';

/**
 * Leads to a workspace through a proxy: to one with TLS by CONNECT, so that the proxy sees no more than its host; to one
 * without by asking the proxy for the whole address.
 *
 * The credentials travel as a header and not in the address: the agents print the address when DEBUG is set.
 */
export function proxyAgents(
  { url, basicAuth }: Pick<ServerAddress, 'url' | 'basicAuth'>,
  isTls: boolean,
): ClientAgents {
  const headers: Record<string, string> = basicAuth === undefined ? {} : { 'Proxy-Authorization': basicAuth };
  // A socket to a proxy that never answers belongs to no request yet that could destroy it: it ends with the client.
  const closing = new AbortController();
  const options = { keepAlive: true, headers, signal: closing.signal };
  if (!isTls) return { http: closedWith(new HttpProxyAgent(url, options), closing) };
  // The options it has already, for the types.
  const agent = Object.assign(new HttpsProxyAgent(url, options), { options: { path: undefined } });
  // got asks for an agent of node:https; it hands it to node:https, which takes any.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment
  return { https: closedWith(agent, closing) };
}

function closedWith<Kind extends Agent>(agent: Kind, closing: AbortController): Kind {
  const destroy = agent.destroy.bind(agent);
  agent.destroy = () => {
    destroy();
    closing.abort();
  };
  return agent;
}
