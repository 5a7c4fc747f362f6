import type { Fail } from './failures.ts';
import type { Answer } from './http.ts';

/** The body of an answer that is 200 and says that it is JSON. @throws SourceError `redirect`, `status`, `notJson`: final, for asking again gives the same. */
export function jsonBody(answer: Answer, path: string, fail: Fail): Buffer {
  const { status, contentType, body } = answer;
  if (status >= 300 && status < 400) throw fail('redirect', { path, status });
  if (status !== 200) throw fail('status', { path, status });
  if (!/^application\/(json|[\w.-]+\+json)\s*(;|$)/i.test(contentType)) {
    throw fail('notJson', { path, contentType: contentType.slice(0, 60) || '-' });
  }
  return body;
}
