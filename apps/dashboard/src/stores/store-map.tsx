import type { Store } from '@app/api-client';
import { Panel } from '../layout/panel';
import { texts } from '../texts';
import classes from './store-map.module.css';

const WIDTH = 720;
const HEIGHT = 360;
const STEP = 30;

interface Located extends Store {
  location: { latitude: number; longitude: number };
}

const isLocated = (store: Store): store is Located => store.location !== null;

/** Equirectangular: degrees are lengths, the simplest drawing of the whole earth. */
const place = ({ latitude, longitude }: Located['location']) => ({
  x: ((longitude + 180) / 360) * WIDTH,
  y: ((90 - latitude) / 180) * HEIGHT,
});

/** The stores on a grid of latitudes and longitudes, around where they are. Nothing is fetched from elsewhere. */
export function StoreMap({ stores }: { stores: readonly Store[] }) {
  const located = stores.filter(isLocated);
  if (located.length === 0) return null;
  const view = viewAround(located.map(({ location }) => place(location)));
  const unit = view.width / WIDTH;
  return (
    <Panel title={texts.stores.map}>
      <svg
        className={classes.map}
        viewBox={`${view.x} ${view.y} ${view.width} ${view.height}`}
        role="img"
        aria-label={located.map(({ name }) => name).join(', ')}
      >
        <Grid unit={unit} />
        {located.map((store) => {
          const { x, y } = place(store.location);
          return (
            <g key={store.id}>
              <circle className={classes.store} cx={x} cy={y} r={6 * unit} />
              <text className={classes.name} x={x + 10 * unit} y={y + 4 * unit} fontSize={13 * unit}>
                {store.name}
              </text>
            </g>
          );
        })}
      </svg>
    </Panel>
  );
}

function Grid({ unit }: { unit: number }) {
  const longitudes = Array.from({ length: 360 / STEP + 1 }, (_, index) => index * STEP - 180);
  const latitudes = Array.from({ length: 180 / STEP + 1 }, (_, index) => index * STEP - 90);
  return (
    <g className={classes.grid} strokeWidth={unit}>
      <rect className={classes.earth} width={WIDTH} height={HEIGHT} />
      {longitudes.map((longitude) => {
        const { x } = place({ latitude: 0, longitude });
        return <line key={longitude} x1={x} x2={x} y1={0} y2={HEIGHT} />;
      })}
      {latitudes.map((latitude) => {
        const { y } = place({ latitude, longitude: 0 });
        return <line key={latitude} x1={0} x2={WIDTH} y1={y} y2={y} />;
      })}
    </g>
  );
}

/** Where a stretch of this size begins so that it lies around its middle and within 0 and the end. */
const within = (middle: number, size: number, end: number) =>
  Math.max(0, Math.min(middle - size / 2, end - size));

/** A frame of the drawing's proportions around the points, with air, and never closer than a country. */
function viewAround(points: readonly { x: number; y: number }[]) {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const width = Math.min(WIDTH, Math.max(40, (right - left) * 1.6, (bottom - top) * 3.2));
  const height = width / 2;
  return {
    x: within((left + right) / 2, width, WIDTH),
    y: within((top + bottom) / 2, height, HEIGHT),
    width,
    height,
  };
}
