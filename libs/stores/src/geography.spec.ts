import { describe, expect, it } from 'vitest';
import { boundingBox, EARTH_RADIUS_KM } from './geography.js';

const radians = (angle: number): number => (angle * Math.PI) / 180;

/** The point that lies `km` away in a direction given in degrees from north. */
function destination(latitude: number, longitude: number, bearing: number, km: number): [number, number] {
  const angle = km / EARTH_RADIUS_KM;
  const from = radians(latitude);
  const to = Math.asin(
    Math.sin(from) * Math.cos(angle) + Math.cos(from) * Math.sin(angle) * Math.cos(radians(bearing)),
  );
  const turn = Math.atan2(
    Math.sin(radians(bearing)) * Math.sin(angle) * Math.cos(from),
    Math.cos(angle) - Math.sin(from) * Math.sin(to),
  );
  const east = longitude + (turn * 180) / Math.PI;
  return [(to * 180) / Math.PI, ((((east + 180) % 360) + 360) % 360) - 180];
}

describe('boundingBox', () => {
  it.each([
    [51.5, -0.12, 50],
    [-33.9, 18.4, 400],
    [70, 179.5, 300],
    [-17, -179.9, 100],
    [89.9, 10, 100],
    [0, 0, 5000],
  ])('holds everything within the radius of %d, %d, %d km', (latitude, longitude, radius) => {
    const box = boundingBox(latitude, longitude, radius);
    for (let bearing = 0; bearing < 360; bearing += 7) {
      const [toLatitude, toLongitude] = destination(latitude, longitude, bearing, radius * 0.9999);
      const inside =
        box.west <= box.east
          ? toLongitude >= box.west && toLongitude <= box.east
          : toLongitude >= box.west || toLongitude <= box.east;
      expect({ bearing, inside }).toEqual({ bearing, inside: true });
      expect(toLatitude).toBeGreaterThanOrEqual(box.south);
      expect(toLatitude).toBeLessThanOrEqual(box.north);
    }
  });

  it('is not the whole world', () => {
    const box = boundingBox(51.5, -0.12, 50);
    expect(box.north - box.south).toBeCloseTo(0.9, 1);
    expect(box.east - box.west).toBeCloseTo(1.44, 1);
  });
});
