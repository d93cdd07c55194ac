/** Mean radius of the earth (IUGG), kilometres. */
export const EARTH_RADIUS_KM = 6371.0088;

/** Degrees. Where `west` is greater than `east` the box goes over the 180th meridian. */
export interface BoundingBox {
  south: number;
  north: number;
  west: number;
  east: number;
}

/**
 * The smallest box of latitudes and longitudes with everything that lies within the radius of a point
 * (Matuschek, "Finding Points Within a Distance of a Latitude/Longitude Using Bounding Coordinates").
 */
export function boundingBox(latitude: number, longitude: number, radiusKm: number): BoundingBox {
  const angle = radiusKm / EARTH_RADIUS_KM;
  const south = latitude - degrees(angle);
  const north = latitude + degrees(angle);
  // A circle around a pole touches every meridian.
  if (south <= -90 || north >= 90) {
    return { south: Math.max(south, -90), north: Math.min(north, 90), west: -180, east: 180 };
  }
  const width = degrees(Math.asin(Math.sin(angle) / Math.cos(radians(latitude))));
  return { south, north, west: wrapped(longitude - width), east: wrapped(longitude + width) };
}

const degrees = (angle: number): number => (angle * 180) / Math.PI;
const radians = (angle: number): number => (angle * Math.PI) / 180;
const wrapped = (longitude: number): number => ((((longitude + 180) % 360) + 360) % 360) - 180;
