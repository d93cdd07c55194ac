import { ApiProblem, type Upload } from '@app/api-client';
import type { Session } from '../session/session';

export interface Accepted {
  upload: Upload;
}

interface Options {
  onProgress: (sentBytes: number) => void;
  signal: AbortSignal;
}

/**
 * Sends a form with a file and tells how much of it has gone. XMLHttpRequest, since fetch cannot tell.
 * @throws ApiProblem where the api refuses it
 */
export async function sendFile(
  session: Session,
  path: string,
  form: FormData,
  { onProgress, signal }: Options,
): Promise<Accepted> {
  const token = await session.accessToken();
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', path);
    request.responseType = 'json';
    if (token !== undefined) request.setRequestHeader('Authorization', `Bearer ${token}`);
    request.upload.addEventListener('progress', ({ loaded }) => onProgress(loaded));
    request.addEventListener('load', () => {
      if (request.status === 202) resolve(request.response as Accepted);
      else reject(new ApiProblem(responseOf(request), request.response));
    });
    request.addEventListener('error', () => reject(new TypeError('The line was cut.')));
    request.addEventListener('abort', () => reject(new DOMException('Given up.', 'AbortError')));
    signal.addEventListener('abort', () => request.abort());
    request.send(form);
  });
}

function responseOf(request: XMLHttpRequest): Response {
  const headers = new Headers();
  for (const name of ['X-Request-ID', 'Retry-After']) {
    const value = request.getResponseHeader(name);
    if (value !== null) headers.set(name, value);
  }
  return new Response(null, { status: request.status, headers });
}
