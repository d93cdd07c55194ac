import { texts } from '../texts';
import { Empty } from './query-state';

export function NotFoundPage() {
  return <Empty>{texts.layout.notFound}</Empty>;
}
